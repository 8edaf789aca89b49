namespace SandQueue.Routing.Limits;

/// <summary>
/// What one tenant may have, so that nobody takes a farm from the others by mistake. What is counted in a gateway's memory holds for each gateway.
/// 0 is no limit.
/// </summary>
public sealed class TenantLimits
{
    /// <summary>Instances that live at the same time, in the whole farm; looked up once a second, so a burst may go over it by what a second brings.</summary>
    public int LiveInstances { get; init; } = 20_000;

    /// <summary>Commands under way at one gateway.</summary>
    public int CommandsAtOnce { get; init; } = 5_000;

    /// <summary>Steps a second at one gateway, over a second's burst.</summary>
    public int StepsPerSecond { get; init; } = 10_000;

    /// <summary>
    /// Creates for one environment that one gateway has under way for one tenant while the environment has room. Others wait at the gateway, in the order
    /// they came. Where it has no room they are <see cref="CreateTurns.WhenFull"/>, so that tenants take turns at its queue.
    /// </summary>
    public int CreatesAtOnce { get; init; } = 32;

    /// <summary>Limits of single tenants, by their ids; what one does not name is as for everyone.</summary>
    public Dictionary<string, OwnLimits> Tenants { get; init; } = [];

    /// <summary>The limits that count for a tenant.</summary>
    public TenantLimits Of(string tenant) => Tenants.Count == 0 || !Tenants.TryGetValue(tenant, out var own)
        ? this
        : new TenantLimits
        {
            LiveInstances = own.LiveInstances ?? LiveInstances,
            CommandsAtOnce = own.CommandsAtOnce ?? CommandsAtOnce,
            StepsPerSecond = own.StepsPerSecond ?? StepsPerSecond,
            CreatesAtOnce = own.CreatesAtOnce ?? CreatesAtOnce,
        };
}
