using System.Text;
using System.Text.Json;
using SandQueue.Environments.Json;

namespace SandQueue.Environments.Episodes;

/// <summary>
/// The wording of the first two messages. An environment fills named slots (<c>{{tools}}</c>, <c>{{question}}</c>, …);
/// a caller may give other wording with the same slots as <c>params.prompt_template</c>: a string for the system
/// message, or <c>{"system": …, "user": …}</c>.
/// </summary>
internal sealed record PromptTemplate(string? System, string? User)
{
    public static PromptTemplate Default { get; } = new(null, null);

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
            JsonValueKind.Object => new PromptTemplate(Part(template, "system"), Part(template, "user")),
            _ => throw new InvalidRequestException("params.prompt_template must be a string or an object with \"system\" and \"user\""),
        };
    }

    /// <summary>Writes both messages.</summary>
    /// <param name="system">The environment's own wording of the system message.</param>
    /// <param name="user">The environment's own wording of the user message.</param>
    /// <param name="slots">Text by slot name.</param>
    /// <exception cref="InvalidRequestException">The caller's wording has a slot that this environment does not fill.</exception>
    public (string System, string User) Fill(string system, string user, IReadOnlyDictionary<string, string> slots) =>
        (Fill(System ?? system, slots), Fill(User ?? user, slots));

    private static string Fill(string wording, IReadOnlyDictionary<string, string> slots)
    {
        var text = new StringBuilder(wording.Length + 256);
        var rest = wording.AsSpan();
        while (rest.IndexOf("{{") is var open and >= 0)
        {
            var close = rest[open..].IndexOf("}}");
            if (close < 0) break;
            var name = rest.Slice(open + 2, close - 2).Trim().ToString();
            if (!slots.TryGetValue(name, out var value))
            {
                throw new InvalidRequestException(
                    $"params.prompt_template has the slot {{{{{name}}}}}; this environment fills {string.Join(", ", slots.Keys.Order(StringComparer.Ordinal).Select(slot => $"{{{{{slot}}}}}"))}");
            }

            text.Append(rest[..open]).Append(value);
            rest = rest[(open + close + 2)..];
        }

        return text.Append(rest).ToString();
    }

    private static string? Part(JsonElement template, string name)
    {
        if (!template.TryGetMember(name, out var part) || part.ValueKind == JsonValueKind.Null) return null;
        return part.ValueKind == JsonValueKind.String
            ? part.Text()
            : throw new InvalidRequestException($"params.prompt_template.{name} must be a string, not {part.Shown()}");
    }
}
