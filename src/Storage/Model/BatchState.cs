namespace SandQueue.Storage.Model;

/// <summary>What becomes of a batch's rollouts. Stored by number: never reorder.</summary>
public enum BatchState
{
    /// <summary>They are played.</summary>
    Running = 1,

    /// <summary>Those that run finish, and no other begins.</summary>
    Paused = 2,

    /// <summary>Those that run are stopped, and no other begins.</summary>
    Cancelling = 3,

    /// <summary>Each has its end, and they were counted.</summary>
    Closed = 4,
}
