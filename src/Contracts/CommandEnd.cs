namespace SandQueue.Contracts;

/// <summary>The one end every command has. Stored by number: never reorder.</summary>
public enum CommandEnd
{
    /// <summary>Done; the answer is in the journal where its kind is journaled.</summary>
    Completed = 1,

    /// <summary>Refused before it took effect: the caller's mistake, or no capacity.</summary>
    Rejected = 2,

    /// <summary>The caller's time ran out before it took effect.</summary>
    Expired = 3,

    /// <summary>Given up by the caller before it took effect.</summary>
    Cancelled = 4,

    /// <summary>Could not be done. There is no reward: a failure is never a reward of 0.</summary>
    Failed = 5,
}
