using System.Runtime.InteropServices;
using System.Text.Json;

namespace SandQueue.Gateway.Http;

/// <summary>Takes typed members out of a JSON object, with an error for people where one is missing or of another type.</summary>
internal readonly struct JsonFields(JsonElement owner)
{
    /// <summary>Ids are keys in the database: longer ones are refused.</summary>
    private const int LongestText = 200;

    /// <summary>The object itself.</summary>
    public JsonElement Owner => owner;

    /// <summary>A string that must be there.</summary>
    public string Required(string name) => Optional(name) ?? throw new BadRequestException($"{name} is required");

    /// <summary>A string, or null where it is missing or null.</summary>
    /// <param name="name">The member.</param>
    /// <param name="longest">The most characters it may have.</param>
    public string? Optional(string name, int longest = LongestText)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) throw new BadRequestException($"{name} must be a string, not {RequestBody.Shown(value)}");
        try
        {
            return value.GetString() switch
            {
                "" => throw new BadRequestException($"{name} must not be empty"),
                var text when text!.Length > longest => throw new BadRequestException($"{name} must have at most {longest} characters"),
                var text when text!.Contains('\0', StringComparison.Ordinal) => throw new BadRequestException($"{name} must not contain NUL"),
                var text => text,
            };
        }
        catch (InvalidOperationException)
        {
            throw new BadRequestException($"{name} is not valid text");
        }
    }

    /// <summary>An integer, or null where it is missing or null.</summary>
    public int? Integer(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw new BadRequestException($"{name} must be an integer, not {RequestBody.Shown(value)}");
    }

    /// <summary>An integer of up to 64 bits, or null where it is missing or null.</summary>
    public long? Whole(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : throw new BadRequestException($"{name} must be an integer, not {RequestBody.Shown(value)}");
    }

    /// <summary>An object; a missing one and an empty one are the same, and undefined.</summary>
    public JsonElement Object(string name)
    {
        if (Find(name) is not { } value) return default;
        if (value.ValueKind != JsonValueKind.Object) throw new BadRequestException($"{name} must be an object, not {RequestBody.Shown(value)}");
        return value.EnumerateObject().MoveNext() ? value : default;
    }

    /// <summary>The exact bytes of a member; empty where it is undefined.</summary>
    public static byte[] Bytes(JsonElement value) =>
        value.ValueKind == JsonValueKind.Undefined ? [] : JsonMarshal.GetRawUtf8Value(value).ToArray();

    /// <summary>Whether there is a member of that name that is not null.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>Whether there is a member of that name, be it null.</summary>
    public bool Names(string name) => Member(name) is not null;

    /// <summary>The first member whose name is none of these; null where all are known.</summary>
    public string? Unknown(ReadOnlySpan<string> known)
    {
        if (owner.ValueKind != JsonValueKind.Object) return null;
        try
        {
            foreach (var member in owner.EnumerateObject())
            {
                if (!Is(member, known)) return member.Name;
            }

            return null;
        }
        catch (InvalidOperationException)
        {
            throw new BadRequestException("a member's name is not valid text");
        }
    }

    /// <summary>The first member whose name begins so; null where there is none.</summary>
    public string? WithPrefix(char prefix) => First(name => name.StartsWith(prefix));

    /// <summary>A member of whatever type; null where it is missing or null.</summary>
    public JsonElement? Value(string name) => Find(name);

    /// <summary>Without making a text of its name.</summary>
    private static bool Is(JsonProperty member, ReadOnlySpan<string> known)
    {
        foreach (var name in known)
        {
            if (member.NameEquals(name)) return true;
        }

        return false;
    }

    private string? First(Func<string, bool> isMeant)
    {
        try
        {
            return owner.ValueKind != JsonValueKind.Object ? null : owner.EnumerateObject().Select(member => member.Name).FirstOrDefault(isMeant);
        }
        catch (InvalidOperationException)
        {
            throw new BadRequestException("a member's name is not valid text");
        }
    }

    private JsonElement? Find(string name) => Member(name) is { ValueKind: not JsonValueKind.Null } value ? value : null;

    private JsonElement? Member(string name)
    {
        try
        {
            return owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            // The parser takes names with lone surrogates, and throws at them when it is asked for any name.
            throw new BadRequestException("a member's name is not valid text");
        }
    }
}
