namespace SandQueue.Workers.Abstractions;

/// <summary>A call ran longer than the environment's settings allow: what it did is unknown.</summary>
internal sealed class EnvironmentTimeoutException(TimeSpan limit) : EnvironmentFailedException($"the environment did not answer within {limit.TotalSeconds:0.###} s")
{
    /// <summary>How long it was allowed to run.</summary>
    public TimeSpan Limit => limit;

    /// <inheritdoc/>
    public override bool LeavesServerUnusable => true;
}
