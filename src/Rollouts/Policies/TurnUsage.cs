using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Rollouts.Policies;

/// <summary>Finds what an endpoint said that an answer cost.</summary>
internal static class TurnUsage
{
    /// <param name="answer">What the endpoint answered; empty where a policy has none.</param>
    /// <returns>The object <c>usage</c>; null where there is none.</returns>
    public static JsonElement? Read(ReadOnlyMemory<byte> answer)
    {
        if (answer.Span.IndexOf("\"usage\""u8) < 0) return null;
        try
        {
            var reader = new Utf8JsonReader(answer.Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            JsonElement? found = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isUsage = reader.ValueTextEquals("usage"u8);
                reader.Read();
                if (isUsage && reader.TokenType == JsonTokenType.StartObject) found = JsonElement.ParseValue(ref reader);
                else reader.Skip();
            }

            return found;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The tokens of an answer, read and written ones together; null where it does not say.</summary>
    public static long? Total(ReadOnlyMemory<byte> answer)
    {
        if (Read(answer) is not { } usage) return null;
        return Number(usage, "total_tokens") ?? (Number(usage, "prompt_tokens") is { } read && Number(usage, "completion_tokens") is { } written ? read + written : null);
    }

    /// <summary>A count of an answer's usage; null where it has none.</summary>
    public static long? Number(JsonElement usage, string name) =>
        usage.TryGetMember(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var tokens) && tokens >= 0 ? tokens : null;
}
