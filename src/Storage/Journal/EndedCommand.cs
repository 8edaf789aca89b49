using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>The end of a command, and what it was for.</summary>
/// <param name="Entry">The end.</param>
/// <param name="InstanceId">The instance it was for; null for a Create that made none, and where its row does not tell.</param>
public sealed record EndedCommand(JournalEntry Entry, string? InstanceId);
