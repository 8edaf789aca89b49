using System.Text.RegularExpressions;
using SandQueue.Testing.Farm;

namespace SandQueue.FaultRuns.Checking;

/// <summary>Counts the warnings and errors that programs wrote, by kind: class, number of the entry, and words without names and numbers.</summary>
internal static partial class LogLines
{
    private const int MostKinds = 60;
    private const int LongestMessage = 160;

    public static IReadOnlyList<LogLineKind> Count(IEnumerable<FarmProgram> workers, IEnumerable<FarmProgram> gateways) =>
    [
        .. Count(workers.SelectMany(worker => worker.Output), "worker").Concat(Count(gateways.SelectMany(gateway => gateway.Output), "gateway"))
            .OrderByDescending(kind => kind.Count).Take(MostKinds),
    ];

    /// <summary>The kinds of one sort of program, the most frequent first.</summary>
    public static IEnumerable<LogLineKind> Count(IEnumerable<string> lines, string program) => lines
        .Select(line => Entry().Match(line))
        .Where(entry => entry.Success)
        .GroupBy(entry => (Level: entry.Groups["level"].Value, Category: entry.Groups["category"].Value, Message: Shape(entry.Groups["message"].Value)))
        .Select(kind => new LogLineKind(kind.Count(), program, kind.Key.Level, kind.Key.Category, kind.Key.Message))
        .OrderByDescending(kind => kind.Count);

    private static string Shape(string message)
    {
        var shape = Names().Replace(message, "#");
        return shape.Length > LongestMessage ? shape[..LongestMessage] : shape;
    }

    [GeneratedRegex(@"^\S+ (?<level>warn|fail|crit): (?<category>\S+\[\d+\]) (?:trace=\S+ )?(?<message>.*)$")]
    private static partial Regex Entry();

    /// <summary>What is quoted, ids, addresses and numbers.</summary>
    [GeneratedRegex(@"'[^']*'|""[^""]*""|\S*[0-9]\S*")]
    private static partial Regex Names();
}
