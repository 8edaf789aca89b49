using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SandQueue.Client.Commands;

/// <summary>Writes the members that a command has in every transport.</summary>
internal static class CommandJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One JSON object.</summary>
    public static ReadOnlyMemory<byte> Object(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The members of a command, without its instance: that stands in an address where there is one.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, Command command)
    {
        switch (command)
        {
            case Create create:
                writer.WriteString("env_type", create.EnvType);
                writer.WriteString("task_id", create.TaskId);
                break;
            case Step step:
                WriteRaw(writer, "action", step.Action);
                if (step.Number is { } number) writer.WriteNumber("step", number);
                break;
            case Evaluate evaluate:
                WriteRaw(writer, "messages", evaluate.Messages);
                break;
            case ListTasks list:
                writer.WriteString("env_type", list.EnvType);
                writer.WriteString("split", list.Split);
                break;
        }

        WriteRaw(writer, "params", command.Params);
    }

    private static void WriteRaw(Utf8JsonWriter writer, string name, ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty) return;
        writer.WritePropertyName(name);
        writer.WriteRawValue(json.Span);
    }
}
