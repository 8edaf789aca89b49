namespace SandQueue.Workers.Configuration;

/// <summary>The settings of a worker, section <c>Worker</c>.</summary>
internal sealed class WorkerOptions
{
    /// <summary>The environments it serves, by <c>env_type</c>.</summary>
    public Dictionary<string, EnvironmentOptions> Environments { get; init; } = new(StringComparer.Ordinal);

    /// <summary>What it does: <c>environments</c> serves environments, <c>rollouts</c> plays rollouts. Empty is both.</summary>
    public List<string> Roles { get; init; } = [];

    /// <summary>Whether it serves environments.</summary>
    public bool ServesEnvironments => Roles.Count == 0 || Roles.Contains(WorkerRoles.Environments);

    /// <summary>Whether it plays rollouts.</summary>
    public bool PlaysRollouts => Roles.Count == 0 || Roles.Contains(WorkerRoles.Rollouts);

    /// <summary>
    /// Address and port, or a port on loopback, where operators' programs read metrics and whether the worker is ready; empty for none. Nobody needs a key
    /// there. For a worker of its own: of one inside of a gateway that gateway's counts.
    /// </summary>
    public string? AdminListen { get; init; }

    /// <summary>How it starts environment servers: <c>process</c> or <c>docker</c>.</summary>
    public string Runtime { get; init; } = "process";

    /// <summary>How long a worker owns its instances without renewing its lease.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a start tries again while the broker or the database are away.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often the sweep runs.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// An instance idle for longer is parked: its memory is freed, and its next command rebuilds it from the journal. Idle
    /// is the time since its last create, step, evaluate or get_info.
    /// </summary>
    public TimeSpan ParkAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// While its environment has no free slot, an instance that got no command since it was made is parked after so long. The answer of its
    /// Create may have been lost on its way to a caller that hung up, so that nobody knows of it.
    /// </summary>
    public TimeSpan ParkUnusedAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>An instance idle for longer is released.</summary>
    public TimeSpan ReleaseAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>An episode is removed from the journal so long after its instance ended, a batch so long after it closed, and a secret that nobody has used for so long.</summary>
    public TimeSpan KeepEpisodes { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Instances that are rebuilt from the journal at the same time.</summary>
    public int RebuildsAtOnce { get; init; } = 8;

    /// <summary>How long one rebuild may take; it goes on when the command that began it has expired.</summary>
    public TimeSpan RebuildTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a worker that leaves lets commands finish, and waits for the release of instances that cannot be replayed.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
