using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Recovery;

/// <summary>Whether an instance is in its container, ready for a call.</summary>
internal abstract record Readiness
{
    private Readiness()
    {
    }

    /// <summary>It is.</summary>
    public sealed record Ready : Readiness;

    /// <summary>It is not, and what becomes of the command.</summary>
    public sealed record NotReady(OwnerResult Result) : Readiness;
}
