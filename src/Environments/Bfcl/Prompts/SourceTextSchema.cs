using System.Text;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.Bfcl.Catalogue;

namespace SandQueue.Environments.Bfcl.Prompts;

/// <summary>
/// A parameter of a Java or JavaScript function. Its value is written as source text of that language inside a string,
/// whatever its type: the checker takes nothing else, so the schema has to say so.
/// </summary>
internal static class SourceTextSchema
{
    public static void Write(Utf8JsonWriter writer, JsonElement schema, Language language)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "string");
        var text = new StringBuilder(JsonSchemaWriter.Member(schema, "description", JsonValueKind.String)?.Text());
        if (text.Length > 0) text.Append(' ');
        writer.WriteString("description", text.Append(Hint(schema, language)).ToString());
        if (JsonSchemaWriter.Member(schema, "default", JsonValueKind.String) is { } byDefault) writer.WriteString("default", byDefault.Text());
        writer.WriteEndObject();
    }

    private static string Hint(JsonElement schema, Language language)
    {
        var name = language == Language.Java ? "Java" : "JavaScript";
        var type = JsonSchemaWriter.Member(schema, "type", JsonValueKind.String)?.Text() ?? "any";
        if (type == "any") return $"(A {name} expression of any type, as a string.)";
        if (type is "String" or "char") return $"(A {name} {type}: its text alone, without the quotes of {name}.)";

        var items = JsonSchemaWriter.Member(schema, "items", JsonValueKind.Object) is { } item
            ? JsonSchemaWriter.Member(item, "type", JsonValueKind.String)?.Text()
            : null;
        var of = string.IsNullOrEmpty(items) ? "" : $" of {items}";
        var entries = JsonSchemaWriter.Member(schema, "properties", JsonValueKind.Object) is { } properties
            ? $" Its entries: {OfferedTools.Json(properties.WriteTo)}"
            : "";
        return $"({name} source text, as a string, of type {type}{of}.){entries}";
    }
}
