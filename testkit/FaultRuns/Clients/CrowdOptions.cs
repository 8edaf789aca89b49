namespace SandQueue.FaultRuns.Clients;

/// <summary>Who the callers of a crowd are. Times are drawn between the two given.</summary>
internal sealed record CrowdOptions
{
    public required int Callers { get; init; }

    /// <summary>The share of calls that give their instance a name and an idempotency key; all others give nothing.</summary>
    public double Named { get; init; } = 0.5;

    /// <summary>The share of calls whose caller hangs up.</summary>
    public double HangUp { get; init; } = 0.5;

    /// <summary>How long a caller waits that hangs up.</summary>
    public (TimeSpan Shortest, TimeSpan Longest) Patience { get; init; } = (TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(3));

    /// <summary>How long a caller keeps its instance.</summary>
    public (TimeSpan Shortest, TimeSpan Longest) Hold { get; init; } = (TimeSpan.Zero, TimeSpan.FromSeconds(1));

    public int Seed { get; init; } = 1;
}
