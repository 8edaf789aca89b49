namespace SandQueue.Dashboard.Episodes;

/// <summary>What was asked of an instance and did not complete.</summary>
/// <param name="CommandId">The command's id.</param>
/// <param name="Kind">step, evaluate or release.</param>
/// <param name="End">rejected, expired, cancelled or failed.</param>
/// <param name="Cause">Who caused it; null where nobody is known to have.</param>
/// <param name="Detail">Why, one line.</param>
/// <param name="RecordedAt">When.</param>
public sealed record FailureRow(string CommandId, string Kind, string End, string? Cause, string? Detail, DateTimeOffset RecordedAt);

/// <summary>A page of them.</summary>
/// <param name="Failures">In the order of the journal.</param>
/// <param name="NextCursor">Null where there are no more.</param>
internal sealed record FailureRows(IReadOnlyList<FailureRow> Failures, string? NextCursor)
{
    /// <summary>How many the viewer shows; the route has all.</summary>
    public const int Most = 200;

    /// <summary>Nothing failed.</summary>
    public static FailureRows None { get; } = new([], null);

    /// <summary>How many there are, in words.</summary>
    public string Count => NextCursor is null ? $"{Failures.Count}" : $"more than {Failures.Count}";

    /// <summary>Where they are shown: each behind the last entry that had been recorded by then, or behind the first.</summary>
    /// <param name="entries">When the episode's entries were recorded, by their index.</param>
    /// <param name="isWhole">Whether these are all; else what came behind the last of them has no place.</param>
    public ILookup<int, FailureRow> Behind(IReadOnlyList<DateTimeOffset> entries, bool isWhole) => Failures
        .Select(failure => (Failure: failure, Index: Math.Max(0, LastBy(entries, failure.RecordedAt))))
        .Where(placed => isWhole || placed.Index < entries.Count - 1)
        .ToLookup(placed => placed.Index, placed => placed.Failure);

    private static int LastBy(IReadOnlyList<DateTimeOffset> entries, DateTimeOffset time)
    {
        var index = entries.Count - 1;
        while (index >= 0 && entries[index] > time) index--;
        return index;
    }
}
