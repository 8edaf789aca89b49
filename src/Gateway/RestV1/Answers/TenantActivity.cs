using System.ComponentModel;
using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.RestV1.Answers;

[Description("What a tenant uses of the farm")]
internal sealed record TenantActivity(
    string Tenant,
    [property: Description("Instances that live, in whatever state; counted at most every 3 s")] int LiveInstances,
    [property: Description("Instances that may live at the same time; 0 is no limit")] int LiveLimit,
    [property: Description("Completed in the counted seconds")] int Creates,
    [property: Description("Completed in the counted seconds")] int Steps)
{
    /// <summary>Those who use the most.</summary>
    /// <param name="living">Living instances by tenant.</param>
    /// <param name="counted">The ends of the last minute.</param>
    /// <param name="limit">The limit of a tenant's living instances.</param>
    /// <param name="most">How many are listed.</param>
    public static IReadOnlyList<TenantActivity> Of(IReadOnlyDictionary<string, int> living, IReadOnlyCollection<RecentEnd> counted, Func<string, int> limit, int most)
    {
        var (creates, steps) = (By(counted, JournalKind.Create), By(counted, JournalKind.Step));
        return
        [
            .. living.Keys.Union(creates.Keys).Union(steps.Keys)
                .Select(tenant => new TenantActivity(tenant, living.GetValueOrDefault(tenant), limit(tenant), creates.GetValueOrDefault(tenant), steps.GetValueOrDefault(tenant)))
                .OrderByDescending(tenant => tenant.LiveInstances).ThenByDescending(tenant => tenant.Steps + tenant.Creates).ThenBy(tenant => tenant.Tenant, StringComparer.Ordinal)
                .Take(most),
        ];
    }

    private static Dictionary<string, int> By(IEnumerable<RecentEnd> counted, JournalKind kind) =>
        counted.Where(end => end.Kind == kind && end.End == CommandEnd.Completed).CountBy(end => end.Tenant, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
}
