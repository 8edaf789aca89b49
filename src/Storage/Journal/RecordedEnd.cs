using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>The end that the journal has recorded for a command's id.</summary>
/// <param name="Entry">The end.</param>
/// <param name="IsOfSameCommand">False where another command was sent under that id.</param>
internal sealed record RecordedEnd(JournalEntry Entry, bool IsOfSameCommand);
