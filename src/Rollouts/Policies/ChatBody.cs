using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using SandQueue.Rollouts.Requests;

namespace SandQueue.Rollouts.Policies;

/// <summary>Writes the request of a chat endpoint. What comes from elsewhere is written as it is: messages, tools, sampling parameters.</summary>
internal static class ChatBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static byte[] Write(ModelRequest request, PolicyEpisode episode)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("model", request.Model);
            WriteList(writer, "messages", episode.Messages);
            if (request.HasNativeTools && episode.Tools.Count > 0) WriteList(writer, "tools", episode.Tools);
            WriteSampling(writer, request);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteSampling(Utf8JsonWriter writer, ModelRequest request)
    {
        var isUsageAsked = false;
        if (request.Sampling.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in request.Sampling.EnumerateObject())
            {
                isUsageAsked |= member.NameEquals("stream_options"u8);
                writer.WritePropertyName(member.Name);
                WriteRaw(writer, member.Value);
            }
        }

        if (!request.IsStreamed) return;
        writer.WriteBoolean("stream", true);
        if (isUsageAsked) return;
        writer.WriteStartObject("stream_options");
        writer.WriteBoolean("include_usage", true);
        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyList<JsonElement> items)
    {
        writer.WriteStartArray(name);
        foreach (var item in items) WriteRaw(writer, item);
        writer.WriteEndArray();
    }

    private static void WriteRaw(Utf8JsonWriter writer, JsonElement value) => writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}
