namespace SandQueue.Client;

/// <summary>Whose doing it was that a command has no answer, for who drops episodes from a training by it.</summary>
public enum FailureCause
{
    /// <summary>The trainer's own: a wrong request, or one that it gave up.</summary>
    Caller,

    /// <summary>A container, a worker, the queue, the database or the network.</summary>
    Infrastructure,

    /// <summary>The agent's own action.</summary>
    Agent,
}
