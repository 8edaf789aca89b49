namespace SandQueue.FaultRuns;

/// <summary>How large a fault run is, and how it is drawn.</summary>
public sealed record FaultRunOptions
{
    /// <summary>How long faults happen while clients step. Afterwards everything settles.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Faults end earlier once so many steps are answered; null for no such end.</summary>
    public int? Steps { get; init; }

    /// <summary>Decides faults, episodes and actions; not the order in which two cores get to them.</summary>
    public int Seed { get; init; } = 1;

    public int Instances { get; init; } = 200;

    public int Clients { get; init; } = 64;

    public int Workers { get; init; } = 3;

    public int Gateways { get; init; } = 2;

    /// <summary>Slots of the environment that more callers want than it has slots for, on each worker.</summary>
    public int CrowdSlotsPerWorker { get; init; } = 4;

    /// <summary>The shortest and the longest pause between two faults.</summary>
    public (TimeSpan Shortest, TimeSpan Longest) Pause { get; init; } = (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(9));

    /// <summary>The workers' lease.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether environments run in containers where an engine is to be had.</summary>
    public bool Docker { get; init; } = true;

    /// <summary>Recovered instances whose actions are played again on a fresh instance without faults.</summary>
    public int Paired { get; init; } = 100;

    /// <summary>Where the programs' output goes; null for nowhere.</summary>
    public string? LogFolder { get; init; }

    /// <summary>How long everything may take to answer again after the last fault: longer than a single command, so that one without an end is counted and told.</summary>
    public TimeSpan SettleLimit { get; init; } = TimeSpan.FromMinutes(8);
}
