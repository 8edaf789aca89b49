using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SandQueue.Gateway.Mcp.Calls;

/// <summary>
/// Carries the arguments of a <c>tools/call</c> past the SDK: they are an agent's words, and reach the environment to the byte, whatever is odd about them
/// (half a surrogate pair, a name twice, deep nesting). The SDK gets the call without them.
/// </summary>
internal static class CallArguments
{
    public const string Method = "tools/call";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>In a box, for what begins with a request and outlives it (a session) keeps what the context had: the box, but not what was in it.</summary>
    private static readonly AsyncLocal<Box?> Carried = new();

    /// <summary>The arguments of the call that is handled; undefined where it has none.</summary>
    /// <exception cref="OperationCanceledException">Its request is over: nobody waits for the call.</exception>
    public static JsonElement Current => Carried.Value is not { } box ? default : box.Content ?? throw new OperationCanceledException("the request of this call is over");

    /// <summary>Takes them out, for what is awaited from here on.</summary>
    /// <param name="message">A message of JSON-RPC.</param>
    /// <returns>The message for the SDK.</returns>
    public static byte[] Take(JsonElement message)
    {
        var box = Carried.Value = new Box();
        if (!IsCall(message, out var call)) return JsonMarshal.GetRawUtf8Value(message).ToArray();
        if (call.TryGetProperty("arguments", out var arguments) && arguments.ValueKind != JsonValueKind.Null) box.Content = arguments.Clone();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            foreach (var member in message.EnumerateObject())
            {
                writer.WritePropertyName(member.Name);
                if (member.NameEquals("params")) WriteWithoutArguments(writer, member.Value);
                else WriteRaw(writer, member.Value);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Forgets them once the call is answered.</summary>
    public static void Drop()
    {
        if (Carried.Value is { } box) box.Content = null;
    }

    private static bool IsCall(JsonElement message, out JsonElement call)
    {
        call = default;
        return message.TryGetProperty("method", out var method) && method.ValueKind == JsonValueKind.String && method.ValueEquals(Method)
            && message.TryGetProperty("params", out call) && call.ValueKind == JsonValueKind.Object;
    }

    private static void WriteWithoutArguments(Utf8JsonWriter writer, JsonElement call)
    {
        writer.WriteStartObject();
        foreach (var member in call.EnumerateObject().Where(member => !member.NameEquals("arguments")))
        {
            writer.WritePropertyName(member.Name);
            WriteRaw(writer, member.Value);
        }

        writer.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter writer, JsonElement value) => writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    private sealed class Box
    {
        /// <summary>Null once the request is over.</summary>
        public JsonElement? Content { get; set; } = default(JsonElement);
    }
}
