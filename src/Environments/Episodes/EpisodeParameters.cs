using System.Text.Json;
using SandQueue.Environments.Json;

namespace SandQueue.Environments.Episodes;

/// <summary>What a caller may set at Create, checked once for all environments.</summary>
internal sealed class EpisodeParameters
{
    private readonly JsonElement _params;

    /// <param name="parameters">The request's <c>params</c>: an object, or undefined where there were none.</param>
    /// <exception cref="InvalidRequestException">A parameter has the wrong type.</exception>
    public EpisodeParameters(JsonElement parameters)
    {
        _params = parameters;
        Seed = Integer("seed");
        Template = PromptTemplate.Read(parameters);
    }

    public static EpisodeParameters None { get; } = new(default);

    /// <summary><c>params.seed</c>; what an environment draws depends on it and on the task, and on nothing else.</summary>
    public long? Seed { get; }

    /// <summary><c>params.prompt_template</c>, or the environment's own prompts.</summary>
    public PromptTemplate Template { get; }

    /// <summary>An integer parameter of the environment's own.</summary>
    public long? Integer(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : throw new InvalidRequestException($"params.{name} must be an integer, not {value.Shown()}");
    }

    /// <summary>A string parameter of the environment's own.</summary>
    public string? Text(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.String
            ? value.Text()
            : throw new InvalidRequestException($"params.{name} must be a string, not {value.Shown()}");
    }

    /// <summary>A true-or-false parameter of the environment's own.</summary>
    public bool? Flag(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw new InvalidRequestException($"params.{name} must be true or false, not {value.Shown()}");
    }

    private JsonElement? Find(string name) =>
        _params.ValueKind == JsonValueKind.Object && _params.TryGetMember(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
