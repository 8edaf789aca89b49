using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Contracts;

namespace SandQueue.Rollouts.Play;

/// <summary>Reads what an evaluation answered.</summary>
internal static class EvaluationReading
{
    /// <summary>Details that are larger stay in the journal: a result is kept with its batch, and read with thousands of others.</summary>
    private const int MostBytes = 256_000;

    /// <param name="answer">The answer: an object with <c>score</c>, or a number.</param>
    /// <returns>The score, null where there is none that is finite; and the details.</returns>
    public static (double? Score, JsonObject? Details) Read(ReadOnlyMemory<byte> answer)
    {
        try
        {
            var root = ReadableJson.Element(answer);
            if (root.ValueKind == JsonValueKind.Number) return (Finite(root), new JsonObject { ["score"] = JsonValue.Create(root) });
            if (root.ValueKind != JsonValueKind.Object) return (null, null);
            var score = root.TryGetProperty("score", out var given) && given.ValueKind == JsonValueKind.Number ? Finite(given) : null;
            if (answer.Length <= MostBytes) return (score, JsonObject.Create(root));
            return (score, new JsonObject { ["score"] = score, ["omitted"] = $"details of {answer.Length} bytes; the journal has them" });
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    private static double? Finite(JsonElement number) => number.TryGetDouble(out var score) && double.IsFinite(score) ? score : null;
}
