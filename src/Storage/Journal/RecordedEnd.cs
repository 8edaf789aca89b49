using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>The end that the journal holds for a command's id.</summary>
/// <param name="Entry">The end.</param>
/// <param name="IsOfSameCommand">False where another command was sent under that id.</param>
public sealed record RecordedEnd(JournalEntry Entry, bool IsOfSameCommand);
