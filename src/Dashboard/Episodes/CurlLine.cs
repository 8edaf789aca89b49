using System.Globalization;

namespace SandQueue.Dashboard.Episodes;

/// <summary>Calls of REST for a shell. A key is never in them: it stands in a variable.</summary>
internal static class CurlLine
{
    /// <param name="address">The gateway's.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="entry">A step to take again; null to read the episode.</param>
    /// <param name="needsKey">Whether the gateway asks for one.</param>
    public static string Of(string address, InstanceRow instance, EpisodeEntry? entry, bool needsKey)
    {
        var key = needsKey ? " -H \"Authorization: Bearer $SANDQUEUE_KEY\"" : "";
        var route = $"{address.TrimEnd('/')}/v1/instances/{Uri.EscapeDataString(instance.InstanceId)}";
        if (entry is not { Kind: "step" }) return $"curl -s{key} '{route}/episode?cursor={instance.EpisodeId}.0&limit=1000'";
        var body = entry.Action is { } action
            ? string.Create(CultureInfo.InvariantCulture, $$"""{"step":{{entry.Step}},"action":{{action}}}""")
            : """{"action":"too long to be shown here; it is in the raw JSON"}""";
        return $"curl -s{key} '{route}/steps' -H 'Content-Type: application/json' -d {Quoted(body)}";
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
