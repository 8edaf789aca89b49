namespace SandQueue.Contracts;

/// <summary>Why a command did not complete. Stored by number: never reorder.</summary>
public enum CommandReason
{
    /// <summary>It did complete.</summary>
    None = 0,

    /// <summary>A value in the request is wrong.</summary>
    InvalidRequest = 1,

    /// <summary>The caller has no such instance.</summary>
    UnknownInstance = 2,

    /// <summary>The instance was released: by the caller, or as idle.</summary>
    Released = 3,

    /// <summary>The episode has ended; only evaluate, get_info and release go on.</summary>
    EpisodeOver = 4,

    /// <summary>The same id or step number was used for something else, or the step number is not the next.</summary>
    Conflict = 5,

    /// <summary>No worker had a free slot before the caller's time ran out.</summary>
    NoCapacity = 6,

    /// <summary>The environment, its container or its worker failed.</summary>
    EnvironmentFailed = 7,

    /// <summary>The instance died and could not be brought back.</summary>
    Lost = 8,

    /// <summary>The instance was rebuilt and its replay differed from its journal.</summary>
    Diverged = 9,

    /// <summary>The time ran out.</summary>
    TimedOut = 10,

    /// <summary>
    /// The instance changed hands while the command looked for its owner. Nothing took effect and nothing was recorded:
    /// the same command may be sent again, under the same id.
    /// </summary>
    OwnerChanged = 11,

    /// <summary>
    /// The instance's worker lives and reads the messages of another version. Nothing was recorded: the same command may be
    /// sent again, under the same id, where that worker is reached or once it has left.
    /// </summary>
    OtherVersion = 12,

    /// <summary>The caller hung up, and had given nothing by which the result could be found again.</summary>
    CallerGone = 13,

    /// <summary>The tenant is over one of its limits. Nothing was sent or recorded: the same command may be sent again, under the same id.</summary>
    OverLimit = 14,

    /// <summary>A recorded episode was asked for what it does not have: another action, or a score that nobody asked for then. It stays where it is.</summary>
    RecordedMiss = 15,
}
