using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SandQueue.Environments.Json;

namespace SandQueue.Environments.Bfcl.Prompts;

/// <summary>The functions of a task as OpenAI function schemas, in the data's order.</summary>
internal sealed class OfferedTools
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private OfferedTools(ToolNames names, IReadOnlyList<string> schemas) => (Names, Schemas) = (names, schemas);

    public ToolNames Names { get; }

    /// <summary>One JSON object a function, each on a line of its own.</summary>
    public IReadOnlyList<string> Schemas { get; }

    /// <param name="functions">The data's function descriptions: <c>name</c>, <c>description</c>, <c>parameters</c>.</param>
    public static OfferedTools Of(IReadOnlyList<JsonElement> functions, Language language)
    {
        var names = NamesOf(functions);
        return new OfferedTools(names, [.. functions.Select(function => Json(writer => Write(writer, function, names, language)))]);
    }

    public static ToolNames NamesOf(IEnumerable<JsonElement> functions) => new([.. functions.Select(NameOf)]);

    public static string NameOf(JsonElement function) => function.GetProperty("name").Text();

    /// <summary>What keeps a function from being offered, or null.</summary>
    public static string? Flaw(JsonElement function) =>
        JsonSchemaWriter.Member(function, "name", JsonValueKind.String) is null ? "has a function without a name"
        : JsonSchemaWriter.Member(function, "parameters", JsonValueKind.Object) is null ? $"has no parameters for the function {NameOf(function)}"
        : null;

    /// <summary>The schemas as one JSON array.</summary>
    public string List() => $"[{string.Join(',', Schemas)}]";

    internal static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options)) write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement function, ToolNames names, Language language)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", names.Offered(NameOf(function)));
        var description = JsonSchemaWriter.Member(function, "description", JsonValueKind.String)?.Text() ?? "";
        writer.WriteString("description", language == Language.Python ? description : $"{description} (A {language} function.)");
        writer.WritePropertyName("parameters");
        JsonSchemaWriter.WriteParameters(writer, function.GetProperty("parameters"), language);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
