using System.IO.Compression;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Testing;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn;

/// <summary>What the official program answered, recorded: one JSON object a line.</summary>
internal static class GoldenLines
{
    public static IEnumerable<JsonElement> OfKind(string kind) => All().Where(line => line.GetProperty("kind").GetString() == kind);

    public static IEnumerable<JsonElement> All()
    {
        using var file = File.OpenRead(SharedFolder.Require("golden/bfcl_multi_turn.jsonl.gz"));
        using var text = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        while (text.ReadLine() is { } line) yield return JsonElement.Parse(line);
    }

    public static string Id(this JsonElement line) => line.GetProperty("id").GetString()!;

    public static IReadOnlyList<string> Strings(this JsonElement list) => [.. list.EnumerateArray().Select(item => item.Text())];
}
