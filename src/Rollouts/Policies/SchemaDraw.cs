using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Rollouts.Policies;

/// <summary>Draws a value that has the form of a JSON Schema, as far as the schemas of tools go: types, members, items, choices and limits.</summary>
internal static class SchemaDraw
{
    private const int Deepest = 6;
    private const int MostItems = 3;
    private const int DefaultSpan = 100;

    private static readonly string[] Words = ["alpha", "apple", "blue", "box", "cat", "dog", "down", "file", "green", "left", "note", "one", "red", "right", "river", "up"];

    public static string Word(SeededRandom random) => Words[random.Below(Words.Length)];

    /// <param name="random">What decides.</param>
    /// <param name="schema">The schema; whatever it does not say is free.</param>
    /// <param name="depth">How deep the value lies.</param>
    public static JsonNode? Value(SeededRandom random, JsonElement schema, int depth = 0)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > Deepest) return Word(random);
        if (schema.TryGetProperty("const", out var constant)) return Node(constant);
        if (List(schema, "enum") is { Count: > 0 } choices) return Node(choices[random.Below(choices.Count)]);
        if ((List(schema, "anyOf") ?? List(schema, "oneOf")) is { Count: > 0 } forms) return Value(random, forms[random.Below(forms.Count)], depth + 1);
        return Type(random, schema) switch
        {
            "integer" => JsonValue.Create(Integer(random, schema)),
            "number" or "float" => JsonValue.Create(Integer(random, schema) + (random.Below(4) / 4.0)),
            "boolean" => JsonValue.Create(random.Below(2) == 1),
            "null" => null,
            "array" or "tuple" => Items(random, schema, depth),
            "object" or "dict" => Members(random, schema, depth),
            _ => JsonValue.Create(Word(random)),
        };
    }

    private static string? Type(SeededRandom random, JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type)) return schema.TryGetProperty("properties", out _) ? "object" : null;
        if (type.ValueKind == JsonValueKind.String) return type.GetString();
        return List(schema, "type") is { Count: > 0 } types && types[random.Below(types.Count)] is { ValueKind: JsonValueKind.String } drawn ? drawn.GetString() : null;
    }

    private static long Integer(SeededRandom random, JsonElement schema)
    {
        var least = Limit(schema, "minimum") ?? 0;
        var most = Math.Max(least, Limit(schema, "maximum") ?? least + DefaultSpan);
        return least + random.Below((int)Math.Min(most - least, int.MaxValue - 1) + 1);
    }

    private static JsonArray Items(SeededRandom random, JsonElement schema, int depth)
    {
        var least = (int)Math.Clamp(Limit(schema, "minItems") ?? 0, 0, MostItems);
        var most = (int)Math.Clamp(Limit(schema, "maxItems") ?? MostItems, least, MostItems);
        var form = schema.TryGetProperty("items", out var items) ? items : default;
        return [.. Enumerable.Range(0, least + random.Below(most - least + 1)).Select(_ => Value(random, form, depth + 1))];
    }

    /// <summary>What is required, and of the rest a half.</summary>
    private static JsonObject Members(SeededRandom random, JsonElement schema, int depth)
    {
        var drawn = new JsonObject();
        if (!schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object) return drawn;
        HashSet<string> required = [.. (List(schema, "required") ?? []).Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)];
        foreach (var property in properties.EnumerateObject())
        {
            if (required.Contains(property.Name) || random.Below(2) == 1) drawn[property.Name] = Value(random, property.Value, depth + 1);
        }

        return drawn;
    }

    private static long? Limit(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var limit) && limit.ValueKind == JsonValueKind.Number && Math.Abs(limit.GetDouble()) < 1e15 ? (long)limit.GetDouble() : null;

    private static List<JsonElement>? List(JsonElement schema, string name) => schema.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : null;

    private static JsonNode? Node(JsonElement value) => JsonNode.Parse(value.GetRawText());
}
