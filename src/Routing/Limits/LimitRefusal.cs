using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Routing.Limits;

/// <summary>What a tenant above a limit is told: which limit, what is used, and when to come back.</summary>
internal static class LimitRefusal
{
    /// <param name="what">What the tenant uses and may not exceed, after "this tenant".</param>
    /// <param name="setting">The name of the limit, below <c>Gateway:Limits</c>.</param>
    /// <param name="then">What the caller can do.</param>
    public static CommandOutcome.Rejected Of(string what, string setting, string then) =>
        new(CommandReason.OverLimit, $"this tenant {what} (Gateway:Limits:{setting}); {then}");
}
