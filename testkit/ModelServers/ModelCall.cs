using System.Text.Json;

namespace SandQueue.ModelServers;

/// <summary>A call of the endpoint as it came.</summary>
/// <param name="Number">How many calls came before, all callers together, from 0.</param>
/// <param name="Key">The bearer token; null where there was none.</param>
/// <param name="Body">The request.</param>
/// <param name="Bytes">Its bytes.</param>
public sealed record ModelCall(int Number, string? Key, JsonElement Body, byte[] Bytes)
{
    /// <summary>What was said so far.</summary>
    public IReadOnlyList<JsonElement> Messages => [.. Body.GetProperty("messages").EnumerateArray()];

    /// <summary>What the environment asked first: of all members of a group the same.</summary>
    public string Task => Messages.First(message => message.GetProperty("role").GetString() == "user").GetProperty("content").GetString()!;

    /// <summary>How often the assistant has spoken.</summary>
    public int Turn => Messages.Count(message => message.GetProperty("role").GetString() == "assistant");

    /// <summary>Whether the answer is wanted in pieces.</summary>
    public bool IsStreamed => Body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;
}
