using SandQueue.Storage.Model;
using SandQueue.Storage.Openings;

namespace SandQueue.Storage.Journal;

/// <summary>One row for the journal, and what it does to its instance. Both are committed together, or neither.</summary>
/// <param name="Entry">The row.</param>
/// <param name="Progress">The instance afterwards; null exactly where the row belongs to no episode.</param>
public sealed record JournalAppend(JournalEntry Entry, InstanceProgress? Progress)
{
    /// <summary>Bytes that the row adds to the journal: those of its action, params and answer, which are what a caller can make large.</summary>
    internal int Bytes => BytesOf(Entry);

    /// <summary>The entry's answer without what many have in common; null where it is stored whole.</summary>
    internal OpeningCut? Cut { get; } = OpeningCut.Of(Entry);

    /// <inheritdoc cref="Bytes"/>
    internal static int BytesOf(JournalEntry entry) => entry.Action.Length + entry.Params.Length + entry.Answer.Length;
}
