using System.Runtime.InteropServices;
using System.Text.Json;

namespace SandQueue.Rollouts.Requests;

/// <summary>Takes typed members out of a JSON object, and says for people what is wrong with one.</summary>
/// <param name="owner">The object.</param>
/// <param name="place">What goes before a member's name in an error, as <c>policy.</c>; empty at the top.</param>
internal readonly struct BatchFields(JsonElement owner, string place = "")
{
    private const int LongestShown = 60;

    /// <exception cref="RequestRefusedException">A member is none of these.</exception>
    public void Require(params string[] known)
    {
        foreach (var member in owner.EnumerateObject())
        {
            if (known.Contains(member.Name)) continue;

            // A line or an item is where the member is, and no part of its name.
            var (where, name) = place.EndsWith(": ", StringComparison.Ordinal) ? (place, Short(member.Name)) : ("", place + Short(member.Name));
            throw new RequestRefusedException($"{where}unknown member '{name}'; known are {string.Join(", ", known)}");
        }
    }

    public bool Has(string name) => Find(name) is not null;

    public JsonElement? Find(string name) => owner.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public string Text(string name, int longest) => OptionalText(name, longest) ?? throw new RequestRefusedException($"{place}{name} is required");

    public string? OptionalText(string name, int longest)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) throw Wrong(name, "a string", value);
        var text = value.GetString()!;
        if (text.Length == 0) throw new RequestRefusedException($"{place}{name} must not be empty");
        if (text.Length > longest) throw new RequestRefusedException($"{place}{name} must have at most {longest} characters");
        return text.Contains('\0', StringComparison.Ordinal) ? throw new RequestRefusedException($"{place}{name} must not contain NUL") : text;
    }

    public int? Integer(string name, int least, int most)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most
            ? number
            : throw Wrong(name, $"an integer from {least} to {most}", value);
    }

    /// <summary>An integer of 64 bits, as seeds are.</summary>
    public long? Whole(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : throw Wrong(name, "an integer of 64 bits", value);
    }

    public double? Seconds(string name, double most)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number > 0 && number <= most
            ? number
            : throw Wrong(name, $"a number of seconds above 0 and at most {most:0}", value);
    }

    public JsonElement? Object(string name) => Of(name, JsonValueKind.Object, "an object");

    public JsonElement? Array(string name) => Of(name, JsonValueKind.Array, "a list");

    /// <summary>The exact bytes of an object's member; empty where it is missing or has no members.</summary>
    public byte[] ObjectBytes(string name) => Object(name) is { } value && value.EnumerateObject().MoveNext() ? Bytes(value) : [];

    public static byte[] Bytes(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).ToArray();

    public RequestRefusedException Wrong(string name, string wanted, JsonElement value) => new($"{place}{name} must be {wanted}, not {Shown(value)}");

    private JsonElement? Of(string name, JsonValueKind kind, string wanted)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == kind ? value : throw Wrong(name, wanted, value);
    }

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"'{Short(value.GetString()!)}'",
        _ => Short(value.GetRawText()),
    };

    private static string Short(string text) => text.Length > LongestShown ? $"{text[..LongestShown]}…" : text;
}
