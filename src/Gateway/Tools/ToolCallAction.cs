using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.Tools;

/// <summary>Writes the assistant's message that a call at a door with tools stands for: what a model server would send.</summary>
internal static class ToolCallAction
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The message of one call. What is wrong with its arguments, or its name, is for the environment to say: it is the agent's mistake.</summary>
    /// <param name="tools">What is offered.</param>
    /// <param name="id">The call's id, which the environment's tool message repeats.</param>
    /// <param name="name">The tool's name.</param>
    /// <param name="arguments">Its arguments, whatever they are; undefined where there are none.</param>
    /// <returns>The message's bytes, for <c>StepInstance.Action</c>.</returns>
    /// <exception cref="BadRequestException">It is the doors' own tool, which no environment knows, and its arguments are wrong.</exception>
    public static byte[] Of(OfferedTools tools, string id, string name, JsonElement arguments) =>
        name == OfferedTool.SendMessage.Name && !tools.Takes(name) ? Message(Content(arguments)) : Call(id, name, arguments);

    /// <summary>A message with one native call.</summary>
    public static byte[] Call(string id, string name, JsonElement arguments) => Write(writer =>
    {
        writer.WriteNull("content");
        writer.WriteStartArray("tool_calls");
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", name);
        writer.WritePropertyName("arguments");
        WriteRaw(writer, arguments);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    });

    /// <summary>A plain message.</summary>
    /// <param name="content">Its text, a JSON string, which is passed on as it is.</param>
    public static byte[] Message(JsonElement content) => Write(writer =>
    {
        writer.WritePropertyName("content");
        WriteRaw(writer, content);
    });

    private static JsonElement Content(JsonElement arguments)
    {
        var tool = OfferedTool.SendMessage.Name;
        if (arguments.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined)) throw new BadRequestException($"{tool} takes an object, not {RequestBody.Shown(arguments)}");
        var fields = new JsonFields(arguments);
        if (fields.Value("content") is not { } content) throw new BadRequestException($"{tool} needs content, the text of the message");
        if (content.ValueKind != JsonValueKind.String) throw new BadRequestException($"content must be a string, not {RequestBody.Shown(content)}");
        return fields.Unknown(["content"]) is { } unknown ? throw new BadRequestException($"{tool} takes content and nothing else, not '{unknown}'") : content;
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("role", "assistant");
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteRaw(Utf8JsonWriter writer, JsonElement value) =>
        writer.WriteRawValue(value.ValueKind == JsonValueKind.Undefined ? "{}"u8 : JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}
