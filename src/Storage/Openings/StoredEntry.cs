using SandQueue.Storage.Model;

namespace SandQueue.Storage.Openings;

/// <summary>A row of the journal as the database gives it, with the opening that its answer was cut from.</summary>
internal sealed class StoredEntry
{
    public required JournalEntry Entry { get; init; }

    /// <summary>The content of the entry's opening; null where its answer is stored whole.</summary>
    public required byte[]? Opening { get; init; }

    /// <summary>The entry with its answer as it was sent.</summary>
    /// <exception cref="InvalidDataException">The opening is not in the database.</exception>
    public JournalEntry Whole()
    {
        if (Entry.OpeningHash is null) return Entry;
        Entry.Answer = StoredEntries.Join(Entry.Answer, Entry.OpeningRanges, Opening, Entry.Id);
        (Entry.OpeningHash, Entry.OpeningRanges) = (null, null);
        return Entry;
    }
}
