using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.Bfcl.Catalogue;

namespace SandQueue.Environments.Bfcl.Prompts;

/// <summary>The functions of a task as OpenAI function schemas, in the data's order.</summary>
internal sealed class OfferedTools
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IReadOnlyList<string> _originals;

    private OfferedTools(ToolNames names, IReadOnlyList<string> schemas, IReadOnlyList<string> originals) =>
        (Names, Schemas, _originals) = (names, schemas, originals);

    public ToolNames Names { get; }

    /// <summary>One JSON object a function, each on a line of its own.</summary>
    public IReadOnlyList<string> Schemas { get; }

    /// <param name="functions">The data's function descriptions: <c>name</c>, <c>description</c>, <c>parameters</c>.</param>
    public static OfferedTools Of(IReadOnlyList<JsonElement> functions, Language language)
    {
        var names = NamesOf(functions);
        return new OfferedTools(names, [.. functions.Select(function => Json(writer => Write(writer, function, names, language)))], [.. functions.Select(NameOf)]);
    }

    public static ToolNames NamesOf(IEnumerable<JsonElement> functions) => new([.. functions.Select(NameOf)]);

    public static string NameOf(JsonElement function) => function.GetProperty("name").Text();

    /// <summary>What keeps a function from being offered, or null.</summary>
    public static string? Flaw(JsonElement function) =>
        JsonSchemaWriter.Member(function, "name", JsonValueKind.String) is null ? "has a function without a name"
        : JsonSchemaWriter.Member(function, "parameters", JsonValueKind.Object) is null ? $"has no parameters for the function {NameOf(function)}"
        : null;

    /// <summary>The same tools without some, by the data's names.</summary>
    public OfferedTools Without(IReadOnlySet<string> withheld) => withheld.Count == 0 ? this : Where(name => !withheld.Contains(name));

    /// <summary>Some of the tools, by the data's names.</summary>
    public OfferedTools Only(IReadOnlySet<string> wanted) => Where(wanted.Contains);

    /// <summary>The schemas as one JSON array.</summary>
    public string List() => $"[{string.Join(',', Schemas)}]";

    internal static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options)) write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private OfferedTools Where(Func<string, bool> isKept)
    {
        var kept = Schemas.Zip(_originals).Where(tool => isKept(tool.Second)).ToList();
        return new OfferedTools(Names, [.. kept.Select(tool => tool.First)], [.. kept.Select(tool => tool.Second)]);
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
