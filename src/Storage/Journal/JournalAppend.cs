using SandQueue.Storage.Model;
using SandQueue.Storage.Openings;
using SandQueue.Storage.Payloads;

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

    /// <summary>The action as it is stored.</summary>
    internal byte[] StoredAction => field ??= PackedPayload.Pack(Entry.Action);

    /// <summary>The answer, or what <see cref="Cut"/> leaves of it, as it is stored.</summary>
    internal byte[] StoredAnswer => field ??= PackedPayload.Pack(Cut?.Rest ?? Entry.Answer);

    /// <summary>Packs what is stored on the thread of whoever appends: there are many of these, and one that writes.</summary>
    internal void Pack() => (_, _) = (StoredAction, StoredAnswer);

    /// <inheritdoc cref="Bytes"/>
    internal static int BytesOf(JournalEntry entry) => entry.Action.Length + entry.Params.Length + entry.Answer.Length;
}
