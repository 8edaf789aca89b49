using System.Text.Json.Nodes;

namespace SandQueue.Cli.Wording;

/// <summary>Reads members of a gateway's answers; what is not there, or of another kind, is null.</summary>
internal static class JsonReading
{
    public static string? Text(this JsonNode? node, string name) => node.Member(name) switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => other.ToJsonString(),
    };

    public static long? Number(this JsonNode? node, string name) => node.Member(name) is JsonValue value && value.TryGetValue<double>(out var number) ? (long)number : null;

    public static double? Real(this JsonNode? node, string name) => node.Member(name) is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;

    public static bool Flag(this JsonNode? node, string name) => node.Member(name) is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    public static JsonArray? List(this JsonNode? node, string name) => node.Member(name) as JsonArray;

    public static JsonObject? Object(this JsonNode? node, string name) => node.Member(name) as JsonObject;

    public static JsonNode? Member(this JsonNode? node, string name) => (node as JsonObject)?[name];
}
