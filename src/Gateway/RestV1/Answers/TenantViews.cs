using System.ComponentModel;
using SandQueue.Routing.Limits;

namespace SandQueue.Gateway.RestV1.Answers;

[Description("What a tenant may have; 0 is no limit")]
internal sealed record LimitsView(
    [property: Description("In the whole farm")] int LiveInstances,
    [property: Description("At each gateway")] int CommandsAtOnce,
    [property: Description("At each gateway")] int StepsPerSecond,
    [property: Description("For one environment at each gateway")] int CreatesAtOnce,
    [property: Description("In the whole farm, of actions, params and answers")] long JournalBytes);

internal sealed record TenantView(
    string Tenant,
    int LiveInstances,
    [property: Description("Issued keys that are good; those of the settings are not among them")] int IssuedKeys,
    LimitsView Limits)
{
    public static TenantView Of(string tenant, int living, int issued, TenantLimits limits) =>
        new(tenant, living, issued, new LimitsView(limits.LiveInstances, limits.CommandsAtOnce, limits.StepsPerSecond, limits.CreatesAtOnce, limits.JournalBytes));
}

internal sealed record TenantList(IReadOnlyList<TenantView> Tenants);
