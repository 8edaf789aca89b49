using SandQueue.Contracts;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>
/// An instance's row as its owner moves it on. The row must still be as the owner knew it: the same epoch, the same next
/// step, not ended. Otherwise somebody else owns the instance now, and nothing is written.
/// </summary>
public sealed record InstanceProgress
{
    public required long EpisodeId { get; init; }

    /// <summary>The owner's epoch, which must be the row's.</summary>
    public required int Epoch { get; init; }

    /// <summary>The next step before, which must be the row's.</summary>
    public required int FromStep { get; init; }

    /// <summary>The next step afterwards.</summary>
    public required int NextStep { get; init; }

    public required InstanceState State { get; init; }

    public string? EndReason { get; init; }

    public required long LastUsedAt { get; init; }

    /// <summary>When the instance ended; null while it lives.</summary>
    public long? EndedAt { get; init; }

    /// <summary>Why it ended, one line; made one here, as <see cref="JournalEntry.Detail"/> is.</summary>
    public string? EndDetail
    {
        get;
        init => field = value is null ? null : OneLine.OfAll(value);
    }
}
