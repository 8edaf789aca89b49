namespace SandQueue.Rollouts.Requests;

/// <summary>Why a request is refused.</summary>
public enum RefusalKind
{
    /// <summary>It is wrong in itself.</summary>
    Invalid = 1,

    /// <summary>There is something of that name already, and it is another.</summary>
    Conflict = 2,

    /// <summary>The tenant has as many as it may.</summary>
    OverLimit = 3,

    /// <summary>What is needed to check it cannot be asked now.</summary>
    Unavailable = 4,

    /// <summary>There is none of that name.</summary>
    Unknown = 5,
}
