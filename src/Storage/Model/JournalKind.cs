namespace SandQueue.Storage.Model;

/// <summary>What a journal entry is the end of. Stored by number: never reorder.</summary>
public enum JournalKind
{
    /// <summary>The initial state of an episode.</summary>
    Create = 1,

    /// <summary>A step.</summary>
    Step = 2,

    /// <summary>An evaluation.</summary>
    Evaluate = 3,

    /// <summary>The end of the instance.</summary>
    Release = 4,
}
