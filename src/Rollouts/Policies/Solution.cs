using System.Runtime.InteropServices;
using System.Text.Json;
using SandQueue.Contracts;

namespace SandQueue.Rollouts.Policies;

/// <summary>How an instance is won from where it stands.</summary>
/// <param name="Messages">The assistant's messages, each the bytes of a JSON object as an agent sends it; none where the episode is over or no way is known.</param>
/// <param name="Maximum">The score that they reach.</param>
public sealed record Solution(IReadOnlyList<byte[]> Messages, double Maximum)
{
    /// <summary>Reads what an environment answers: an object with <c>messages</c> and <c>maximum</c>. The messages stay as they are, byte for byte.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="InvalidOperationException">It is of another form.</exception>
    /// <exception cref="KeyNotFoundException">A member is missing.</exception>
    public static Solution Read(ReadOnlyMemory<byte> answer)
    {
        var root = ReadableJson.Element(answer);
        return new Solution([.. root.GetProperty("messages").EnumerateArray().Select(message => JsonMarshal.GetRawUtf8Value(message).ToArray())], root.GetProperty("maximum").GetDouble());
    }

    /// <summary>The same form again.</summary>
    public byte[] Write()
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("messages");
            foreach (var message in Messages) writer.WriteRawValue(message);
            writer.WriteEndArray();
            writer.WriteNumber("maximum", Maximum);
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
