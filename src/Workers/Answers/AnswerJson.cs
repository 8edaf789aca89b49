using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using SandQueue.Contracts;
using SandQueue.Hosting.Settings;
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
        if (!Utf8.IsValid(data.Span)) throw new EnvironmentFailedException("the environment's answer cannot be read: it has bytes that are no UTF-8");
        AnswerValues.Require(data.Span);
        try
        {
            using var document = JsonDocument.Parse(data);
            return read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The parser lets lone surrogates through, and throws at them only when a name or a text is looked at.
            throw Unreadable(data.Span, exception);
        }
    }

    /// <summary>The failure of an answer that is no JSON. Python writes NaN and Infinity, which JSON does not have: these are named.</summary>
    public static EnvironmentFailedException Unreadable(ReadOnlySpan<byte> json, Exception exception) =>
        new($"the environment's answer cannot be read: {NotANumber(json) ?? exception.Message}", exception);

    /// <summary>A member that an answer must have.</summary>
    /// <exception cref="EnvironmentFailedException">It has none, or one of another kind.</exception>
    public static JsonElement Required(JsonElement answer, string name, JsonValueKind kind)
    {
        if (answer.ValueKind != JsonValueKind.Object) throw Wrong($"it is {Named(answer)}, not an object");
        if (!answer.TryGetProperty(name, out var value)) throw Wrong($"there is no {name}");
        return value.ValueKind == kind ? value : throw Wrong($"the {name} is {Named(value)}, not {Named(kind)}");
    }

    /// <summary>A number that an answer must have, which 64 bits hold.</summary>
    /// <inheritdoc cref="Required"/>
    public static double Number(JsonElement value, string name)
    {
        var number = value.GetDouble();
        return double.IsFinite(number) ? number : throw Wrong($"the {name} is {OneLine.Of(value.GetRawText(), 40)}, which no number of 64 bits holds");
    }

    /// <summary>The member <c>state</c>: an array of so many messages, each with a role and a content that are strings.</summary>
    /// <inheritdoc cref="Required"/>
    public static JsonElement Messages(JsonElement answer, int count, string verb)
    {
        var state = Required(answer, "state", JsonValueKind.Array);
        if (state.GetArrayLength() != count) throw Wrong($"the state has {state.GetArrayLength()} messages; a {verb} answers {(count == 1 ? "one message" : "two messages, system and user")}");
        for (var index = 0; index < count; index++)
        {
            var message = state[index];
            if (message.ValueKind != JsonValueKind.Object) throw Wrong($"state[{index}] is {Named(message)}, not an object");
            foreach (var member in (string[])["role", "content"])
            {
                if (!message.TryGetProperty(member, out var text)) throw Wrong($"state[{index}] has no {member}");
                if (text.ValueKind != JsonValueKind.String) throw Wrong($"the {member} of state[{index}] is {Named(text)}, not a string");
            }
        }

        return state;
    }

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

    private static EnvironmentFailedException Wrong(string what) => new($"the environment's answer cannot be used: {what}");

    private static string Named(JsonElement value) => Named(value.ValueKind);

    private static string Named(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    private static string? NotANumber(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var name = "answer";
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName) name = Encoding.UTF8.GetString(reader.ValueSpan);
            }
        }
        catch (JsonException)
        {
            var rest = json[(int)reader.BytesConsumed..].TrimStart(" \t\r\n:,"u8);
            foreach (var literal in (string[])["NaN", "Infinity", "-Infinity"])
            {
                if (rest.StartsWith(Encoding.ASCII.GetBytes(literal))) return $"the {name} is {literal}";
            }
        }

        return null;
    }
}
