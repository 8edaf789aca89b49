using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Environments.Serving;

/// <summary>The body every call has: <c>{"env_type","task_id","instance_id","messages","params"}</c>, all optional on the wire.</summary>
internal readonly struct ServiceRequest(JsonDocument? body)
{
    // What an agent nests too deep is answered by its environment; the parser needs no stack for it.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 1_000_000 };

    /// <summary>The action of a step: an assistant message.</summary>
    public JsonElement Messages => Object("messages");

    public JsonElement Params => Object("params");

    /// <exception cref="InvalidRequestException">The body is not a JSON object.</exception>
    public static async Task<JsonDocument> ReadAsync(Stream body, CancellationToken cancel)
    {
        try
        {
            return ObjectOf(await JsonDocument.ParseAsync(body, Options, cancel));
        }
        catch (JsonException malformed)
        {
            throw Malformed(malformed);
        }
    }

    /// <inheritdoc cref="ReadAsync"/>
    public static JsonDocument Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return ObjectOf(JsonDocument.Parse(body, Options));
        }
        catch (JsonException malformed)
        {
            throw Malformed(malformed);
        }
    }

    public string Required(string name) =>
        Find(name) switch
        {
            null => throw new InvalidRequestException($"{name} is required"),
            { ValueKind: JsonValueKind.String } value when value.Text() is { Length: > 0 } text => text,
            { } value => throw new InvalidRequestException($"{name} must be a string that is not empty, not {value.Shown()}"),
        };

    public string? Optional(string name) => Find(name) is null ? null : Required(name);

    private static JsonDocument ObjectOf(JsonDocument document)
    {
        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        document.Dispose();
        throw new InvalidRequestException("the body must be a JSON object");
    }

    private static InvalidRequestException Malformed(JsonException malformed) => new($"the body is not JSON: {malformed.Message}");

    private JsonElement Object(string name) =>
        Find(name) switch
        {
            null => default,
            { ValueKind: JsonValueKind.Object } value => value,
            { } value => throw new InvalidRequestException($"{name} must be an object, not {value.Shown()}"),
        };

    private JsonElement? Find(string name) =>
        body is not null && body.RootElement.TryGetMember(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
