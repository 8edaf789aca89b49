using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SandQueue.Storage.Journal;

/// <summary>
/// What two JSON values mean, whatever their bytes are: the members of an object have no order, a member that is null is like one that
/// is missing, and a number is its value. What identifies a command that is sent again is its meaning.
/// </summary>
public static class JsonMeaning
{
    /// <summary>Whether two values mean the same. No bytes at all are an object without members; what is no JSON is the same only byte for byte.</summary>
    public static bool AreSame(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other) =>
        one.Span.SequenceEqual(other.Span) || Canonical(one).AsSpan().SequenceEqual(Canonical(other));

    /// <summary>The one form of all values that mean the same.</summary>
    public static byte[] Canonical(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty) return "{}"u8.ToArray();
        try
        {
            using var document = JsonDocument.Parse(json);
            var buffer = new ArrayBufferWriter<byte>(json.Length);
            using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true })) Write(writer, document.RootElement);
            return buffer.WrittenSpan.ToArray();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, nested too deeply, or a text that is no Unicode.
            return json.ToArray();
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var (name, member) in Members(value))
                {
                    writer.WritePropertyName(name);
                    Write(writer, member);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(value.GetString());
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(JsonNumber.Canonical(JsonMarshal.GetRawUtf8Value(value)), skipInputValidation: true);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    /// <summary>By name; of two members of one name the last counts, as in Python and in JavaScript.</summary>
    private static SortedDictionary<string, JsonElement> Members(JsonElement value)
    {
        var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null) members.Remove(member.Name);
            else members[member.Name] = member.Value;
        }

        return members;
    }
}
