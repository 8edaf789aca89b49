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
/// <param name="Failures">In the order they ended.</param>
/// <param name="NextCursor">Null where there are no more.</param>
internal sealed record FailureRows(IReadOnlyList<FailureRow> Failures, string? NextCursor)
{
    /// <summary>How many the viewer shows; the route has all.</summary>
    public const int Most = 200;

    /// <summary>Nothing failed.</summary>
    public static FailureRows None { get; } = new([], null);

    /// <summary>How many there are, in words.</summary>
    public string Count => NextCursor is null ? $"{Failures.Count}" : $"more than {Failures.Count}";

    /// <summary>Those between an entry of the episode and the next.</summary>
    /// <param name="entry">When the entry was recorded.</param>
    /// <param name="next">When the next was; null for the last.</param>
    /// <param name="isFirst">Whatever failed before the first entry is shown behind it.</param>
    public IEnumerable<FailureRow> Behind(DateTimeOffset entry, DateTimeOffset? next, bool isFirst) =>
        Failures.Where(failure => (isFirst || failure.RecordedAt >= entry) && (next is not { } end || failure.RecordedAt < end));
}
