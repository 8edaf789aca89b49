using System.Globalization;

namespace SandQueue.Bench.Load;

/// <summary>The options of a load run.</summary>
internal sealed record LoadOptions
{
    /// <summary>The gateways; clients are spread over them, and change gateway with every call.</summary>
    public required IReadOnlyList<Uri> Gateways { get; init; }

    public int Episodes { get; init; } = 200;

    public int Steps { get; init; } = 20;

    public int Clients { get; init; } = 200;

    public string? Key { get; init; }

    public static LoadOptions Parse(IReadOnlyList<string> args)
    {
        var given = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair[^1], StringComparer.Ordinal);
        return new LoadOptions
        {
            Gateways = [.. given.GetValueOrDefault("--url", "http://127.0.0.1:8080").Split(',').Select(url => new Uri(url))],
            Episodes = Number(given, "--episodes", 200),
            Steps = Number(given, "--steps", 20),
            Clients = Number(given, "--clients", 200),
            Key = given.GetValueOrDefault("--key"),
        };
    }

    private static int Number(Dictionary<string, string> given, string name, int otherwise) =>
        given.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
