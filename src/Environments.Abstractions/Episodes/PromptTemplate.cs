using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>
/// The wording of the first two messages. An environment fills named slots (<c>{{tools}}</c>, <c>{{question}}</c>, …);
/// a caller may give other wording with the same slots as <c>params.prompt_template</c>: a string for the system
/// message, or <c>{"system": …, "user": …}</c>.
/// </summary>
/// <param name="System">The caller's wording of the system message; null for the environment's own.</param>
/// <param name="User">The caller's wording of the user message; null for the environment's own.</param>
public sealed record PromptTemplate(string? System, string? User)
{
    /// <summary>A megabyte: more than any model reads, and small beside what an environment server has.</summary>
    public const int DefaultLongest = 1 << 20;

    /// <summary>The environment's own wording.</summary>
    public static PromptTemplate Default { get; } = new(null, null);

    /// <summary>Bytes of UTF-8 that both messages may have together where a caller's wording is used.</summary>
    public int Longest { get; init; } = DefaultLongest;

    internal static PromptTemplate Read(JsonElement parameters)
    {
        if (parameters.ValueKind != JsonValueKind.Object
            || !parameters.TryGetMember("prompt_template", out var template)
            || template.ValueKind == JsonValueKind.Null)
        {
            return Default;
        }

        return template.ValueKind switch
        {
            JsonValueKind.String => new PromptTemplate(template.Text(), null),
            JsonValueKind.Object => ReadParts(template),
            _ => throw new InvalidRequestException("params.prompt_template must be a string or an object with \"system\" and \"user\""),
        };
    }

    /// <summary>Writes both messages.</summary>
    /// <param name="system">The environment's own wording of the system message.</param>
    /// <param name="user">The environment's own wording of the user message.</param>
    /// <param name="slots">Text by slot name.</param>
    /// <exception cref="InvalidRequestException">The caller's wording has a slot that this environment does not fill, or becomes too long.</exception>
    public (string System, string User) Fill(string system, string user, IReadOnlyDictionary<string, string> slots)
    {
        // What an environment says in its own words is as long as its task is.
        var filling = new PromptFilling(slots, System is null && User is null ? int.MaxValue : Longest);
        return (filling.Fill(System ?? system), filling.Fill(User ?? user));
    }

    private static PromptTemplate ReadParts(JsonElement template)
    {
        ParameterNames.CheckMembers(template, "params.prompt_template", ["system", "user"]);
        return new PromptTemplate(Part(template, "system"), Part(template, "user"));
    }

    private static string? Part(JsonElement template, string name)
    {
        if (!template.TryGetMember(name, out var part) || part.ValueKind == JsonValueKind.Null) return null;
        return part.ValueKind == JsonValueKind.String
            ? part.Text()
            : throw new InvalidRequestException($"params.prompt_template.{name} must be a string, not {part.Shown()}");
    }
}
