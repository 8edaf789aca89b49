namespace SandQueue.Contracts;

/// <summary>Who caused a failure. Stored by number: never reorder.</summary>
public enum FailureCause
{
    /// <summary>The agent's own action; it happens again on a fresh instance.</summary>
    Agent = 1,

    /// <summary>Ours: a container, a worker, the queue or the database.</summary>
    Infrastructure = 2,

    /// <summary>The trainer's request.</summary>
    Caller = 3,
}
