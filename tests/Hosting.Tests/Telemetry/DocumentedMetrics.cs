using System.Text.RegularExpressions;
using SandQueue.Testing;

namespace SandQueue.Hosting.Tests.Telemetry;

/// <summary>The tables of <c>docs/telemetry.md</c>: a row begins with OpenTelemetry's name and then has Prometheus'.</summary>
internal static partial class DocumentedMetrics
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md"));

    /// <summary>By OpenTelemetry's name, in all tables of the page.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = Row().Matches(Page).ToDictionary(row => row.Groups["otel"].Value, row => row.Groups["prometheus"].Value);

    [GeneratedRegex(@"^\| `(?<otel>[a-z_.]+)` \| `(?<prometheus>[a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
