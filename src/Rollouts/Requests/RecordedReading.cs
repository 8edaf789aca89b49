using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using SandQueue.Contracts;

namespace SandQueue.Rollouts.Requests;

/// <summary>Reads recorded actions: assistant messages, or texts, which are messages of that content.</summary>
public static class RecordedReading
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Reads a list of actions.</summary>
    /// <param name="actions">The list.</param>
    /// <param name="path">Its name in errors, as <c>policy.actions</c>.</param>
    /// <exception cref="RolloutRequestException">It is no list of messages.</exception>
    public static IReadOnlyList<byte[]> List(JsonElement actions, string path)
    {
        if (actions.ValueKind != JsonValueKind.Array) throw new RolloutRequestException($"{path} must be a list of assistant messages, not {RequestFields.Shown(actions)}");
        var read = new List<byte[]>(actions.GetArrayLength());
        foreach (var action in actions.EnumerateArray()) read.Add(Action(action, $"{path}[{read.Count}]"));
        return read;
    }

    internal static RecordedRequest Read(RequestFields fields, string path) => fields.Find("actions") switch
    {
        null => new RecordedRequest(null, null),
        { ValueKind: JsonValueKind.Object } byTask => new RecordedRequest(null, ByTask(byTask, $"{path}.actions")),
        { } actions => new RecordedRequest(List(actions, $"{path}.actions"), null),
    };

    private static Dictionary<string, IReadOnlyList<byte[]>> ByTask(JsonElement byTask, string path)
    {
        var read = new Dictionary<string, IReadOnlyList<byte[]>>(StringComparer.Ordinal);
        foreach (var member in byTask.EnumerateObject())
        {
            try
            {
                read[member.Name] = List(member.Value, $"{path}['{OneLine.Of(member.Name, 100)}']");
            }
            catch (InvalidOperationException)
            {
                throw new RolloutRequestException($"{path}: a member's name is not valid text");
            }
        }

        return read;
    }

    /// <summary>The bytes as they came: they reach the environment as they are.</summary>
    private static byte[] Action(JsonElement action, string path) => action.ValueKind switch
    {
        JsonValueKind.Object when action.EnumerateObject().MoveNext() => JsonMarshal.GetRawUtf8Value(action).ToArray(),
        JsonValueKind.String => Message(action),
        _ => throw new RolloutRequestException($"{path} must be an assistant message or its text, not {(action.ValueKind == JsonValueKind.Object ? "an empty object" : RequestFields.Shown(action))}"),
    };

    private static byte[] Message(JsonElement content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("role", "assistant");
            writer.WritePropertyName("content");
            writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(content), skipInputValidation: true);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
