namespace SandQueue.Storage.Model;

/// <summary>
/// What the answers of many Creates have in common, stored once: the prompt and the tools of a task. Rows of the journal name it by
/// <see cref="JournalEntry.OpeningHash"/>.
/// </summary>
public sealed class StoredOpening
{
    /// <summary>SHA-256 of <see cref="Content"/>.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>The ranges that were cut out of an answer, one behind the other.</summary>
    public required byte[] Content { get; set; }
}
