namespace SandQueue.Storage.Journal;

/// <summary>What became of a row.</summary>
public enum JournalVerdict
{
    /// <summary>It is in the database, and survives the kill of any process.</summary>
    Committed,

    /// <summary>The instance has another owner, or ended meanwhile. Nothing was written.</summary>
    Stale,

    /// <summary>Its command id or its step is recorded already. Nothing was written.</summary>
    Duplicate,
}
