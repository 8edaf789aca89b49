using System.Globalization;

namespace SandQueue.Storage.Postgres.Partitions;

/// <summary>
/// The episodes of one partition of the journal. Episodes are numbered in the order they begin, so a range of numbers is a span of time: with a new
/// partition the sequence of their numbers goes on where its range begins.
/// </summary>
/// <param name="Number">From 1.</param>
internal readonly record struct EpisodeRange(long Number)
{
    /// <summary>More than begin before the next partition does, and few enough that numbers stay below 2^53, which is what JavaScript reads, for 900,000 partitions.</summary>
    public const long Size = 10_000_000_000;

    private const string Prefix = "journal_";

    /// <summary>The first episode.</summary>
    public long From => (Number - 1) * Size;

    /// <summary>The first behind it.</summary>
    public long To => Number * Size;

    /// <summary>The name of its table.</summary>
    public string Table => Prefix + Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The range that an episode is in.</summary>
    public static EpisodeRange Of(long episode) => new((episode / Size) + 1);

    /// <summary>The range of a table; null where it is no partition of episodes.</summary>
    public static EpisodeRange? Of(string table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.StartsWith(Prefix, StringComparison.Ordinal) && long.TryParse(table.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new EpisodeRange(number)
            : null;
    }
}
