using System.Text.Json;
using System.Text.RegularExpressions;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Protocols.Messages;

namespace SandQueue.Workers.Protocols.OpenEnv;

/// <summary>The tools of an environment as function schemas, and the way back from a function's name to the tool's.</summary>
internal sealed partial class OpenEnvTools
{
    private const int LongestName = 64;

    private readonly Dictionary<string, string> _tools = new(StringComparer.Ordinal);

    private OpenEnvTools(ReadOnlyMemory<byte> schemas) => Schemas = schemas;

    public static OpenEnvTools None { get; } = new(EpisodeShape.NoTools);

    /// <summary>OpenAI function schemas, a JSON array.</summary>
    public ReadOnlyMemory<byte> Schemas { get; private set; }

    /// <summary>The names that models are given.</summary>
    public IEnumerable<string> Functions => _tools.Keys;

    /// <param name="observation">What a <c>list_tools</c> action gave: <c>{"tools":[{"name","description","input_schema"}]}</c>.</param>
    /// <exception cref="EnvironmentFailedException">It has another shape.</exception>
    public static OpenEnvTools Read(JsonElement observation)
    {
        var read = new OpenEnvTools(default);
        var listed = AnswerJson.Required(observation, "tools", JsonValueKind.Array);
        read.Schemas = AnswerJson.Write(512, writer =>
        {
            writer.WriteStartArray();
            foreach (var tool in listed.EnumerateArray()) read.Add(writer, tool);
            writer.WriteEndArray();
        });
        return read;
    }

    /// <summary>The tool's own name, or null where no tool has that function name.</summary>
    public string? Find(string function) => _tools.GetValueOrDefault(function);

    private void Add(Utf8JsonWriter writer, JsonElement tool)
    {
        var name = AnswerJson.Required(tool, "name", JsonValueKind.String).GetString()!;
        var function = FunctionName(name);
        _tools[function] = name;
        writer.WriteStartObject();
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", function);
        writer.WriteString("description", tool.TryGetProperty("description", out var described) && described.ValueKind == JsonValueKind.String ? JsonText.Read(described) : "");
        writer.WritePropertyName("parameters");
        if (tool.TryGetProperty("input_schema", out var schema) && schema.ValueKind == JsonValueKind.Object) AnswerJson.WriteRaw(writer, schema);
        else writer.WriteRawValue("""{"type":"object","properties":{}}""");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>A name that every model's API takes, unlike that of any tool before.</summary>
    private string FunctionName(string tool)
    {
        var name = NotAllowed().Replace(tool, "_");
        if (name.Length > LongestName) name = name[..LongestName];
        for (var count = 2; name.Length == 0 || _tools.ContainsKey(name); count++)
        {
            var ending = $"_{count}";
            name = name[..Math.Min(name.Length, LongestName - ending.Length)] + ending;
        }

        return name;
    }

    [GeneratedRegex("[^a-zA-Z0-9_-]", RegexOptions.CultureInvariant)]
    private static partial Regex NotAllowed();
}
