using System.Globalization;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Protocols.OpenEnv;

/// <summary>The tasks of an OpenEnv environment, which knows none itself: a split is a list of what a reset is told.</summary>
internal sealed class OpenEnvTasks
{
    /// <summary>Longer lists are a slip of the pen, and fill the memory.</summary>
    private const int MostIds = 1_000_000;

    private static readonly Dictionary<string, string> Default = new(StringComparer.Ordinal)
    {
        ["train"] = "0-999",
        ["val"] = "1000000-1000199",
        ["test"] = "2000000-2000199",
    };

    private readonly HashSet<string> _all;

    public OpenEnvTasks(OpenEnvOptions options)
    {
        Splits = (options.Splits.Count > 0 ? options.Splits : Default).ToDictionary(split => split.Key, split => Read(split.Value), StringComparer.Ordinal);
        _all = Splits.Values.SelectMany(ids => ids).ToHashSet(StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, List<string>> Splits { get; }

    public bool Contains(string taskId) => _all.Contains(taskId);

    /// <summary>What is wrong with the list of a split, or null.</summary>
    public static string? Problem(string ids, string taskField)
    {
        var pieces = Pieces(ids);
        if (pieces.Length == 0) return "it names no task";
        if (pieces.Sum(piece => Range(piece) is { } range ? range.Last - range.First + 1.0 : 1) > MostIds) return $"it has more than {MostIds} tasks";
        return taskField == "seed" && Array.Find(pieces, piece => Range(piece) is null && !long.TryParse(piece, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)) is { } text
            ? $"'{text}' is no number, and the task id is the seed (TaskField)"
            : null;
    }

    private static List<string> Read(string ids)
    {
        var read = new List<string>();
        foreach (var piece in Pieces(ids))
        {
            if (Range(piece) is not { } range)
            {
                read.Add(piece);
                continue;
            }

            for (var id = range.First; id <= range.Last; id++) read.Add(id.ToString(CultureInfo.InvariantCulture));
        }

        return read;
    }

    private static string[] Pieces(string ids) => ids.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static (long First, long Last)? Range(string piece)
    {
        var ends = piece.Split('-');
        return ends.Length == 2
            && long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && long.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first <= last
                ? (first, last)
                : null;
    }
}
