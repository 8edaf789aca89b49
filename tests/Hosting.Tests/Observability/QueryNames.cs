using System.Text.RegularExpressions;

namespace SandQueue.Hosting.Tests.Observability;

/// <summary>Finds the metrics that a query of Prometheus reads: its names that are no function, no label, no word of the language.</summary>
internal static partial class QueryNames
{
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal) { "by", "on", "or", "and", "unless", "offset", "without", "ignoring", "bool", "group_left", "group_right" };

    public static IReadOnlyList<string> Metrics(string query)
    {
        var rest = Aside().Replace(query, " ");
        return [.. Name().Matches(rest).Where(name => !Words.Contains(name.Value) && !IsCalled(rest, name)).Select(name => name.Value).Distinct()];
    }

    private static bool IsCalled(string query, Match name) => query.AsSpan(name.Index + name.Length).TrimStart() is ['(', ..];

    /// <summary>Texts, labels in braces and lists, ranges, times.</summary>
    [GeneratedRegex("""\{[^}]*\}|"[^"]*"|\[[^\]]*\]|\b(by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)|\b\d+[smhdwy]\b""")]
    private static partial Regex Aside();

    [GeneratedRegex("[a-zA-Z_:][a-zA-Z0-9_:]*")]
    private static partial Regex Name();
}
