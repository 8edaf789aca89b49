using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Answers;

/// <summary>Reads and writes answers without touching the bytes of what the environment said.</summary>
internal static class AnswerJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <param name="data">What the environment answered.</param>
    /// <param name="read">Makes something of it.</param>
    /// <exception cref="EnvironmentFailedException">It is no JSON, or none that can be read.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> data, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            return read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The parser lets lone surrogates through, and throws at them only when a name or a text is looked at.
            throw new EnvironmentFailedException($"the environment's answer cannot be read: {exception.Message}", exception);
        }
    }

    public static JsonElement Required(JsonElement answer, string name, JsonValueKind kind) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var value) && value.ValueKind == kind
            ? value
            : throw new EnvironmentFailedException($"the environment's answer has no {name}, or not of the right type");

    public static byte[] Write(int expectedLength, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(expectedLength);
        using (var writer = new Utf8JsonWriter(buffer, Options)) write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteRaw(Utf8JsonWriter writer, JsonElement value) =>
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    public static void WriteMembers(Utf8JsonWriter writer, JsonElement members, ReadOnlySpan<string> except)
    {
        foreach (var member in members.EnumerateObject())
        {
            if (except.Contains(member.Name)) continue;
            writer.WritePropertyName(member.Name);
            WriteRaw(writer, member.Value);
        }
    }
}
