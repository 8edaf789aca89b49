using System.Collections.Frozen;

namespace SandQueue.Routing.Limits;

/// <summary>
/// What one tenant may have, so that nobody takes a farm from the others by mistake. What is counted in a process's memory holds for each gateway by itself, and
/// for each worker, whose rollouts send commands too. 0 is no limit.
/// </summary>
public sealed class TenantLimits
{
    /// <summary>The section of the settings that every process reads them from, gateways and workers alike.</summary>
    public const string Section = "Gateway:Limits";

    private FrozenDictionary<string, TenantLimits>? _own;

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

    /// <summary>
    /// Bytes of actions, params and answers that the episodes of a tenant may have in the journal, in the whole farm; those of ended ones count until they are
    /// removed. Off unless it is set: a large tenant's sum takes the database a while, and is taken every few seconds (<see cref="JournalUse"/>).
    /// </summary>
    public long JournalBytes { get; init; }

    /// <summary>Limits of single tenants, by their ids; what one does not name is as for everyone.</summary>
    public Dictionary<string, OwnLimits> Tenants { get; init; } = [];

    /// <summary>What is wrong with them, a line for each; nothing where they can be kept.</summary>
    public IEnumerable<string> Problems() => from limit in All() where limit.Value < 0 select $"{Section}:{limit.Name} is {limit.Value}; it must be above 0, or 0 for no limit";

    /// <summary>The limits that count for a tenant. Every command asks, so they are put together once; <see cref="Tenants"/> is not changed after the start.</summary>
    public TenantLimits Of(string tenant) => Tenants.Count == 0 ? this : (_own ??= Merge()).GetValueOrDefault(tenant, this);

    private IEnumerable<(string Name, long? Value)> All() =>
    [
        (nameof(LiveInstances), LiveInstances),
        (nameof(CommandsAtOnce), CommandsAtOnce),
        (nameof(StepsPerSecond), StepsPerSecond),
        (nameof(CreatesAtOnce), CreatesAtOnce),
        (nameof(JournalBytes), JournalBytes),
        .. Tenants.SelectMany(tenant => ((string Name, long? Value)[])[
            ($"{nameof(Tenants)}:{tenant.Key}:{nameof(LiveInstances)}", tenant.Value.LiveInstances),
            ($"{nameof(Tenants)}:{tenant.Key}:{nameof(CommandsAtOnce)}", tenant.Value.CommandsAtOnce),
            ($"{nameof(Tenants)}:{tenant.Key}:{nameof(StepsPerSecond)}", tenant.Value.StepsPerSecond),
            ($"{nameof(Tenants)}:{tenant.Key}:{nameof(CreatesAtOnce)}", tenant.Value.CreatesAtOnce),
            ($"{nameof(Tenants)}:{tenant.Key}:{nameof(JournalBytes)}", tenant.Value.JournalBytes)]),
    ];

    private FrozenDictionary<string, TenantLimits> Merge() => Tenants.ToFrozenDictionary(
        tenant => tenant.Key,
        tenant => new TenantLimits
        {
            LiveInstances = tenant.Value.LiveInstances ?? LiveInstances,
            CommandsAtOnce = tenant.Value.CommandsAtOnce ?? CommandsAtOnce,
            StepsPerSecond = tenant.Value.StepsPerSecond ?? StepsPerSecond,
            CreatesAtOnce = tenant.Value.CreatesAtOnce ?? CreatesAtOnce,
            JournalBytes = tenant.Value.JournalBytes ?? JournalBytes,
        },
        StringComparer.Ordinal);
}
