using System.Text.Json;

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
        catch (JsonException)
        {
            return null;
        }
    }
}
