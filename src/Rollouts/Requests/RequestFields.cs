using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Hosting.Settings;

namespace SandQueue.Rollouts.Requests;

/// <summary>Takes typed members out of a JSON object. Whatever is wrong is the caller's mistake, said in one line that names the field.</summary>
internal readonly struct RequestFields
{
    private const int LongestShown = 60;

    private readonly JsonElement _owner;
    private readonly string _path;

    /// <param name="owner">The object.</param>
    /// <param name="path">Its name in errors, as <c>policy</c>.</param>
    /// <exception cref="RolloutRequestException">It is none.</exception>
    public RequestFields(JsonElement owner, string path)
    {
        (_owner, _path) = (owner, path);
        if (owner.ValueKind != JsonValueKind.Object) throw new RolloutRequestException($"{path} must be an object, not {Shown(owner)}");
    }

    /// <summary>A member of whatever type; null where it is missing or null.</summary>
    public JsonElement? Find(string name)
    {
        try
        {
            return _owner.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        }
        catch (InvalidOperationException)
        {
            throw Wrong("a member's name is not valid text");
        }
    }

    /// <summary>A string that must be there.</summary>
    public string RequiredText(string name, int longest) => Text(name, longest) ?? throw new RolloutRequestException($"{_path}.{name} is required");

    /// <summary>A string that is not empty, or null where it is missing.</summary>
    public string? Text(string name, int longest)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) throw Wrong(name, "a string", value);
        try
        {
            var text = value.GetString()!;
            if (text.Length == 0) throw new RolloutRequestException($"{_path}.{name} must not be empty");
            if (text.Length > longest) throw new RolloutRequestException($"{_path}.{name} must have at most {longest} characters");
            return text.AsSpan().ContainsAnyInRange('\0', '\x1f') ? throw new RolloutRequestException($"{_path}.{name} must not contain control characters") : text;
        }
        catch (InvalidOperationException)
        {
            throw new RolloutRequestException($"{_path}.{name} is not valid text");
        }
    }

    /// <summary>An integer within limits, or null where it is missing.</summary>
    public long? Integer(string name, long least, long most)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most
            ? number
            : throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"an integer from {least} to {most}"), value);
    }

    /// <summary>A number of seconds above 0, or null where it is missing.</summary>
    public TimeSpan? Seconds(string name, TimeSpan most)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number > 0 && number <= most.TotalSeconds
            ? TimeSpan.FromSeconds(number)
            : throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"a number of seconds above 0 and at most {most.TotalSeconds}"), value);
    }

    /// <summary>True or false, or null where it is missing.</summary>
    public bool? Flag(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, "true or false", value);
    }

    /// <summary>One of some words, or null where it is missing.</summary>
    public string? Word(string name, IReadOnlyCollection<string> known)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) throw Wrong(name, string.Join(" or ", known), value);
        var word = Text(name, 100)!;
        return known.Contains(word) ? word : throw new RolloutRequestException($"{_path}.{name} cannot be '{OneLine.Of(word, LongestShown)}'; {NearName.Hint(word, known, near => near)}");
    }

    /// <summary>An object, or null where it is missing.</summary>
    public JsonElement? Object(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Object ? value : throw Wrong(name, "an object", value);
    }

    /// <summary>Refuses a member whose name is none of these.</summary>
    public void Require(IReadOnlyCollection<string> known)
    {
        foreach (var member in _owner.EnumerateObject())
        {
            string name;
            try
            {
                name = member.Name;
            }
            catch (InvalidOperationException)
            {
                throw Wrong("a member's name is not valid text");
            }

            if (known.Contains(name)) continue;
            throw new RolloutRequestException($"{_path} has no '{OneLine.Of(name, LongestShown)}'; {(name.Length > LongestShown ? $"known are {string.Join(", ", known)}" : NearName.Hint(name, known, near => near))}");
        }
    }

    /// <summary>A value as an error shows it: short, and on one line.</summary>
    public static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.Undefined => "nothing",
        JsonValueKind.String => "a string",
        _ => OneLine.Of(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value)), LongestShown),
    };

    private RolloutRequestException Wrong(string name, string wanted, JsonElement value) => new($"{_path}.{name} must be {wanted}, not {Shown(value)}");

    private RolloutRequestException Wrong(string what) => new($"{_path}: {what}");
}
