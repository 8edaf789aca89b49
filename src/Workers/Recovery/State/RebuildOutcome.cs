using SandQueue.Storage.Model;

namespace SandQueue.Workers.Recovery.State;

/// <summary>How a rebuild ended.</summary>
internal abstract record RebuildOutcome
{
    private RebuildOutcome()
    {
    }

    /// <summary>The instance is proven the same. <paramref name="Repeated"/> counts the observations that were compared, the initial state among them.</summary>
    public sealed record Proven(RebuiltInstance Instance, int Repeated) : RebuildOutcome;

    /// <summary>It is not the same: what differed from the record, for people.</summary>
    public sealed record Diverged(string Difference) : RebuildOutcome;

    /// <summary>The container died or hung under it, and how, for people: it may be tried again.</summary>
    public sealed record Broken(string Reason) : RebuildOutcome;

    /// <summary>The rebuild from a checkpoint came to nothing, which says nothing about the instance: one from the first step has to follow.</summary>
    public sealed record CheckpointFailed : RebuildOutcome;

    /// <summary>The journal says that the instance was released.</summary>
    public sealed record Released : RebuildOutcome;

    /// <summary>The journal has no such episode.</summary>
    public sealed record NeverMade : RebuildOutcome;
}
