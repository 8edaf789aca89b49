namespace SandQueue.Storage.FaultInjection;

/// <summary>A moment at which a test may inject a fault.</summary>
public enum Failpoint
{
    /// <summary>The rows are written, and their transaction is about to be committed.</summary>
    BeforeCommit,

    /// <summary>The database has committed, and its acknowledgement is under way.</summary>
    AfterCommit,

    /// <summary>A takeover has raised the epoch, and the new owner has read nothing yet.</summary>
    AfterTakeover,

    /// <summary>The journal has recorded the row, and the reply is about to be sent.</summary>
    BeforeReply,
}
