using System.Text;
using System.Text.Json;
using SandQueue.Contracts;

namespace SandQueue.Rollouts.Endpoints;

/// <summary>What an endpoint says of its refusal: <c>{"error":{"message","code"}}</c>, or any text.</summary>
/// <param name="Message">One line, without the key; empty where it says nothing.</param>
/// <param name="IsContextLength">Whether what was said is more than the model reads.</param>
internal sealed record EndpointError(string Message, bool IsContextLength)
{
    private const int LongestMessage = 400;

    /// <summary>OpenAI's code, and the words of servers that send none.</summary>
    private static readonly string[] ContextLength = ["context_length_exceeded", "maximum context length", "context length exceeded", "longer than the maximum model length"];

    /// <param name="body">The body of the answer, or its beginning.</param>
    /// <param name="apiKey">The key, which endpoints repeat in what they say of it.</param>
    public static EndpointError Read(byte[] body, string? apiKey)
    {
        var text = Encoding.UTF8.GetString(body);
        var said = Said(body) ?? text;
        return new EndpointError(OneLine.Of(WithoutKey(said, apiKey).Trim(), LongestMessage), Array.Exists(ContextLength, words => text.Contains(words, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>A text of an endpoint without the key that it may repeat.</summary>
    public static string WithoutKey(string text, string? apiKey) => apiKey is { Length: > 0 } ? text.Replace(apiKey, "***", StringComparison.Ordinal) : text;

    private static string? Said(byte[] body)
    {
        try
        {
            var root = ReadableJson.Element(body);
            return Member(root, "error") switch
            {
                { ValueKind: JsonValueKind.String } error => error.GetString(),
                { } error when Member(error, "message") is { ValueKind: JsonValueKind.String } message => message.GetString(),
                _ => (Member(root, "message") ?? Member(root, "detail")) is { ValueKind: JsonValueKind.String } message ? message.GetString() : null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement? Member(JsonElement owner, string name) => owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value : null;
}
