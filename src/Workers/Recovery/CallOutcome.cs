using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Recovery;

/// <summary>What became of a call to the environment.</summary>
internal abstract record CallOutcome
{
    private CallOutcome()
    {
    }

    /// <summary>The environment answered. <paramref name="EnvironmentMs"/> is how long the call that counts took.</summary>
    public sealed record Answered(ReadOnlyMemory<byte> Data, double EnvironmentMs) : CallOutcome;

    /// <summary>The environment did not survive it, twice, the second time in an isolated container: what happened both times.</summary>
    public sealed record Fault(string What) : CallOutcome;

    /// <summary>There is no answer, and the command needs none any more.</summary>
    public sealed record Ended(OwnerResult Result) : CallOutcome;
}
