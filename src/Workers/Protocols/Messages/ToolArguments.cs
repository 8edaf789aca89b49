using System.Text.Json;

namespace SandQueue.Workers.Protocols.Messages;

/// <summary>
/// Reads the arguments of a call in every form that model servers send: an object, JSON text of one, JSON text of JSON text;
/// nothing, blanks or null where there are none.
/// </summary>
internal static class ToolArguments
{
    /// <summary>Texts within texts.</summary>
    private const int MostWraps = 4;

    private static readonly JsonElement None = JsonDocument.Parse("{}").RootElement.Clone();

    /// <param name="arguments">As the agent wrote them.</param>
    /// <param name="mistake">What is wrong with them, in a sentence for the agent; null where they were read.</param>
    public static JsonElement Read(string arguments, out string? mistake)
    {
        for (var wraps = 0; wraps <= MostWraps; wraps++)
        {
            if (string.IsNullOrWhiteSpace(arguments))
            {
                mistake = null;
                return None;
            }

            if (Parse(arguments, out mistake) is not { } parsed) return default;
            if (parsed.ValueKind is JsonValueKind.Object or JsonValueKind.Null) return parsed.ValueKind == JsonValueKind.Null ? None : parsed;
            if (parsed.ValueKind != JsonValueKind.String) break;
            arguments = parsed.GetString()!;
        }

        mistake = "The arguments of the call are no JSON object.";
        return default;
    }

    private static JsonElement? Parse(string text, out string? mistake)
    {
        mistake = null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            mistake = Mistake(text);
            return null;
        }
    }

    /// <summary>Names what JSON does not have and Python writes, and what is nested too deep.</summary>
    private static string Mistake(string text)
    {
        try
        {
            using var deep = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = int.MaxValue });
            return "The arguments of the call are nested more than 64 levels deep.";
        }
        catch (JsonException exception)
        {
            var line = text.Split('\n').ElementAtOrDefault((int)(exception.LineNumber ?? 0)) ?? "";
            var at = Math.Clamp((int)(exception.BytePositionInLine ?? 0) - 1, 0, line.Length);
            var number = Array.Find((string[])["-Infinity", "Infinity", "NaN"], word => line.IndexOf(word, at, StringComparison.Ordinal) is var found && found >= at && found <= at + 1);
            return number is null ? "The arguments of the call are no JSON object." : $"The arguments of the call have {number}, which JSON does not have.";
        }
    }
}
