using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.Bfcl.Catalogue;

namespace SandQueue.Environments.Bfcl.Prompts;

/// <summary>
/// Writes the data's parameter descriptions as JSON Schema. Their types are those of Python, Java and JavaScript, and
/// some of their keywords are no JSON Schema.
/// </summary>
internal static class JsonSchemaWriter
{
    private static readonly string[] Kept = ["default", "enum", "format", "minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength", "pattern"];

    /// <summary>Writes a function's parameters: always an object with properties, as model APIs ask for.</summary>
    public static void WriteParameters(Utf8JsonWriter writer, JsonElement parameters, Language language)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        if (Member(parameters, "properties", JsonValueKind.Object) is { } properties)
        {
            foreach (var property in properties.EnumerateObject())
            {
                writer.WritePropertyName(property.Name);
                if (language == Language.Python) Write(writer, property.Value);
                else SourceTextSchema.Write(writer, property.Value, language);
            }
        }

        writer.WriteEndObject();
        WriteRequired(writer, parameters);
        writer.WriteEndObject();
    }

    /// <summary>The JSON type for a type of the data, or null where any value will do.</summary>
    public static string? JsonType(string? type) => type switch
    {
        "integer" or "int" or "byte" or "short" or "long" or "Bigint" => "integer",
        "number" or "float" or "double" => "number",
        "boolean" or "bool" or "Boolean" => "boolean",
        "array" or "list" or "tuple" or "Array" or "ArrayList" or "Queue" or "Stack" or "Set" => "array",
        "dict" or "object" or "HashMap" or "Hashtable" => "object",
        null => null,
        // "any" too: the checker takes nothing but a string for it.
        _ => "string",
    };

    internal static void Write(Utf8JsonWriter writer, JsonElement schema)
    {
        writer.WriteStartObject();
        var type = JsonType(Member(schema, "type", JsonValueKind.String)?.Text());
        if (type is not null) writer.WriteString("type", type);
        if (Member(schema, "description", JsonValueKind.String) is { } description) writer.WriteString("description", description.Text());
        foreach (var keyword in Kept)
        {
            if (!Has(schema, keyword, out var value)) continue;
            writer.WritePropertyName(keyword);
            value.WriteTo(writer);
        }

        if (Member(schema, "properties", JsonValueKind.Object) is { } properties)
        {
            writer.WriteStartObject("properties");
            foreach (var property in properties.EnumerateObject())
            {
                writer.WritePropertyName(property.Name);
                Write(writer, property.Value);
            }

            writer.WriteEndObject();
            WriteRequired(writer, schema);
        }

        if (type == "array")
        {
            // Some model APIs refuse an array that does not say what it holds.
            writer.WritePropertyName("items");
            Write(writer, Member(schema, "items", JsonValueKind.Object) ?? default);
        }

        writer.WriteEndObject();
    }

    internal static JsonElement? Member(JsonElement schema, string name, JsonValueKind kind) =>
        Has(schema, name, out var value) && value.ValueKind == kind ? value : null;

    // Here and there in the data "required" is a word inside one parameter; JSON Schema knows only the list.
    private static void WriteRequired(Utf8JsonWriter writer, JsonElement schema)
    {
        if (Member(schema, "required", JsonValueKind.Array) is not { } required) return;
        writer.WritePropertyName("required");
        required.WriteTo(writer);
    }

    private static bool Has(JsonElement schema, string name, out JsonElement value)
    {
        value = default;
        return schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out value);
    }
}
