using SandQueue.Storage.Journal;

namespace SandQueue.Rollouts.Episodes;

/// <summary>Which episodes are exported, and how.</summary>
/// <param name="Format">In which form.</param>
/// <param name="Filter">Which.</param>
/// <param name="Tasks">Only those of these tasks; null for all.</param>
public sealed record ExportRequest(ExportFormat Format, EpisodeFilter Filter, IReadOnlySet<string>? Tasks = null);
