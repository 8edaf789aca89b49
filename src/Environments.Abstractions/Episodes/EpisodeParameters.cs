using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>What a caller may set at Create, checked once for all environments.</summary>
public sealed class EpisodeParameters
{
    private readonly JsonElement _params;

    /// <param name="parameters">The request's <c>params</c>: an object, or undefined where there were none.</param>
    /// <param name="longestPrompt">Bytes of UTF-8 that a caller's wording may fill the first two messages with.</param>
    /// <exception cref="InvalidRequestException">A parameter has the wrong type.</exception>
    public EpisodeParameters(JsonElement parameters, int longestPrompt = PromptTemplate.DefaultLongest)
    {
        _params = parameters;
        Seed = Integer("seed");
        MaxSteps = Integer("max_steps") switch
        {
            null => null,
            > 0 and <= int.MaxValue and var steps => (int)steps,
            var steps => throw new InvalidRequestException($"params.max_steps must be an integer above 0 and below 2^31, not {steps}"),
        };
        Template = PromptTemplate.Read(parameters) with { Longest = longestPrompt };
    }

    /// <summary>Those of a caller who sent none.</summary>
    public static EpisodeParameters None { get; } = new(default);

    /// <summary><c>params.seed</c>; what an environment draws depends on it and on the task, and on nothing else.</summary>
    public long? Seed { get; }

    /// <summary><c>params.max_steps</c>: the episode ends, truncated, with the step of this number; null for no such limit.</summary>
    public int? MaxSteps { get; }

    /// <summary><c>params.prompt_template</c>, or the environment's own prompts.</summary>
    public PromptTemplate Template { get; }

    /// <summary>Reads what a caller sent for one environment, and refuses what that does not take.</summary>
    /// <param name="parameters">The request's <c>params</c>: an object, or undefined where there were none.</param>
    /// <param name="environment">Declares the parameters of its own.</param>
    /// <param name="longestPrompt">Bytes of UTF-8 that a caller's wording may fill the first two messages with.</param>
    /// <exception cref="InvalidRequestException">A parameter is unknown or has the wrong type.</exception>
    public static EpisodeParameters Read(JsonElement parameters, EnvironmentDescription environment, int longestPrompt = PromptTemplate.DefaultLongest)
    {
        ParameterNames.Check(parameters, environment.Name, environment.Parameters.Select(parameter => parameter.Name));
        var read = new EpisodeParameters(parameters, longestPrompt);
        foreach (var declared in environment.Parameters) read.CheckType(declared);
        return read;
    }

    /// <summary><c>params.sparse</c> of an evaluation: whether it is asked for the bare score.</summary>
    /// <param name="parameters">The request's <c>params</c>: an object, or undefined where there were none.</param>
    /// <exception cref="InvalidRequestException">It is neither true nor false.</exception>
    public static bool IsSparse(JsonElement parameters)
    {
        if (parameters.ValueKind != JsonValueKind.Object || !parameters.TryGetMember("sparse", out var sparse)) return false;
        return sparse.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False or JsonValueKind.Null => false,
            _ => throw new InvalidRequestException($"params.sparse must be true or false, not {sparse.Shown()}"),
        };
    }

    /// <summary>An integer parameter of the environment's own; null where it is missing or null.</summary>
    /// <exception cref="InvalidRequestException">Its value has another type.</exception>
    public long? Integer(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : throw new InvalidRequestException($"params.{name} must be an integer of at most 64 bits, not {value.Shown()}");
    }

    /// <summary>A number of the environment's own, with or without a fraction, never infinite; null where it is missing or null.</summary>
    /// <exception cref="InvalidRequestException">Its value has another type.</exception>
    public double? Number(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw new InvalidRequestException($"params.{name} must be a number, not {value.Shown()}");
    }

    /// <summary>A string parameter of the environment's own; null where it is missing or null.</summary>
    /// <exception cref="InvalidRequestException">Its value has another type.</exception>
    public string? Text(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.String
            ? value.Text()
            : throw new InvalidRequestException($"params.{name} must be a string, not {value.Shown()}");
    }

    /// <summary>A true-or-false parameter of the environment's own; null where it is missing or null.</summary>
    /// <exception cref="InvalidRequestException">Its value has another type.</exception>
    public bool? Flag(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw new InvalidRequestException($"params.{name} must be true or false, not {value.Shown()}");
    }

    /// <summary>A JSON object of the environment's own; null where it is missing or null.</summary>
    /// <exception cref="InvalidRequestException">Its value has another type.</exception>
    public JsonElement? Object(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Object
            ? value
            : throw new InvalidRequestException($"params.{name} must be an object, not {value.Shown()}");
    }

    // An environment may read a parameter only in some of its tasks, or late; its type is wrong for all of them, and now.
    private void CheckType(CreateParameter declared)
    {
        _ = declared.Type switch
        {
            ParameterType.Integer => Integer(declared.Name),
            ParameterType.Number => Number(declared.Name),
            ParameterType.Text => Text(declared.Name),
            ParameterType.Flag => (object?)Flag(declared.Name),
            ParameterType.Object => Object(declared.Name),
            _ => throw new ArgumentOutOfRangeException(nameof(declared)),
        };
    }

    private JsonElement? Find(string name) =>
        _params.ValueKind == JsonValueKind.Object && _params.TryGetMember(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
