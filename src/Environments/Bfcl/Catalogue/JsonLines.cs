using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Environments.Bfcl.Catalogue;

/// <summary>Reads files of one JSON object a line. Broken lines are reported and left out.</summary>
internal static class JsonLines
{
    /// <summary>Calls <paramref name="take"/> with the bytes, content and id of every sound line.</summary>
    /// <param name="take">Answers what is wrong with the line, or null. It must not keep the element.</param>
    public static void Read(DataFiles files, string name, byte[] content, Func<ReadOnlyMemory<byte>, JsonElement, string, string?> take)
    {
        var number = 0;
        foreach (var line in Lines(content))
        {
            number++;
            if (line.Span.Trim(" \t\r"u8).IsEmpty) continue;
            if (Flaw(line, take) is { } flaw) files.Report(name, number, flaw);
        }
    }

    private static string? Flaw(ReadOnlyMemory<byte> line, Func<ReadOnlyMemory<byte>, JsonElement, string, string?> take)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return $"is {root.Shown()}, not an object";
            if (!root.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String || id.Text().Length == 0)
            {
                return "has no \"id\", or one that is not a string";
            }

            return HoldsHalfACharacter(line.Span, root) ? "holds half of a surrogate pair, which is no text" : take(line, root, id.Text());
        }
        catch (JsonException exception)
        {
            return $"is not JSON at byte {exception.BytePositionInLine}";
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(byte[] content)
    {
        var rest = content.AsMemory();
        if (rest.Span.StartsWith("\uFEFF"u8)) rest = rest[3..];
        while (!rest.IsEmpty)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            yield return end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
        }
    }

    // JSON allows it, UTF-8 does not: better refused once here than at every create.
    private static bool HoldsHalfACharacter(ReadOnlySpan<byte> line, JsonElement root)
    {
        if (line.IndexOf("\\ud"u8) < 0 && line.IndexOf("\\uD"u8) < 0) return false;
        try
        {
            root.WriteTo(new Utf8JsonWriter(Stream.Null));
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
