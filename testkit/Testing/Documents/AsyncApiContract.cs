using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace SandQueue.Testing.Documents;

/// <summary>The contract of the door for AMQP as <c>docs/asyncapi.json</c> has it: which of its messages a message is.</summary>
public static class AsyncApiContract
{
    private const string Schemas = "#/components/schemas/";

    private static readonly JsonNode Document = JsonNode.Parse(File.ReadAllText(Page))!;
    private static readonly ConcurrentDictionary<string, JsonSchema> Built = new(StringComparer.Ordinal);
    private static readonly Lock Evaluating = new();

    /// <summary>The document's path.</summary>
    public static string Page => Path.Combine(Repository.Root, "docs", "asyncapi.json");

    /// <summary>A schema of the document by its name.</summary>
    public static JsonNode Schema(string name) => Document["components"]!["schemas"]![name]!;

    /// <summary>The names of those messages of a channel whose schemas a message keeps.</summary>
    /// <param name="channel">The channel's name in the document.</param>
    /// <param name="body">The message's bytes.</param>
    /// <param name="properties">AMQP's properties by their names; null for those that are not known.</param>
    /// <param name="headers">The headers, likewise.</param>
    public static IReadOnlyList<string> Matches(string channel, ReadOnlyMemory<byte> body, JsonObject? properties, JsonObject? headers)
    {
        var messages = Document["channels"]![channel]!["messages"]!.AsObject();
        return [.. messages.Select(message => message.Key).Where(name => Is(Document["components"]!["messages"]![name]!, body, properties, headers))];
    }

    /// <summary>The examples of the messages of a channel, each with the name of its message.</summary>
    public static IEnumerable<(string Message, byte[] Body)> Examples(string channel) =>
        from message in Document["channels"]![channel]!["messages"]!.AsObject()
        from example in Document["components"]!["messages"]![message.Key]!["examples"]?.AsArray() ?? []
        select (message.Key, JsonSerializer.SerializeToUtf8Bytes(example!["payload"]));

    private static bool Is(JsonNode message, ReadOnlyMemory<byte> body, JsonObject? properties, JsonObject? headers)
    {
        if (properties is not null && message["x-amqp-properties"] is { } propertySchema && !Keeps(propertySchema, JsonSerializer.SerializeToElement(properties))) return false;
        if (headers is not null && message["headers"] is { } headerSchema && !Keeps(headerSchema, JsonSerializer.SerializeToElement(headers))) return false;

        // Whatever its bytes are: only a message of this kind may be no JSON.
        if (message["contentType"] is not null) return true;
        try
        {
            using var json = JsonDocument.Parse(body);
            return Keeps(message["payload"]!, json.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Keeps(JsonNode schema, JsonElement value)
    {
        lock (Evaluating) return Built.GetOrAdd(schema.ToJsonString(), Build).Evaluate(value).IsValid;
    }

    /// <summary>A schema that stands alone: the document's others are its definitions.</summary>
    private static JsonSchema Build(string schema) => JsonSchema.FromText(
        $$"""{"$schema":"http://json-schema.org/draft-07/schema#","definitions":{{Document["components"]!["schemas"]!.ToJsonString()}},"allOf":[{{schema}}]}"""
            .Replace(Schemas, "#/definitions/", StringComparison.Ordinal));
}
