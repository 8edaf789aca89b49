namespace SandQueue.Client;

/// <summary>How a command ended that did not complete.</summary>
public enum CommandEnd
{
    /// <summary>Refused before it took effect: the caller's mistake, no capacity, or nobody was reached.</summary>
    Rejected,

    /// <summary>Its time ran out before it took effect. It never will.</summary>
    Expired,

    /// <summary>Given up before it took effect. It never will.</summary>
    Cancelled,

    /// <summary>It was tried and could not be done. There is no reward.</summary>
    Failed,

    /// <summary>Whether it took effect is not known. Sent again under the same id, it gets its end and takes no second effect.</summary>
    Unknown,
}
