using System.Text.Json;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Answers;

/// <summary>What a caller's <c>params</c> say to the worker itself, for every environment alike.</summary>
/// <param name="MaxSteps"><c>params.max_steps</c>: the episode ends, truncated, with the step of this number.</param>
internal sealed record EpisodeLimits(int? MaxSteps)
{
    /// <exception cref="EnvironmentRejectedException">A value has the wrong type.</exception>
    public static EpisodeLimits Read(ReadOnlyMemory<byte> parameters)
    {
        if (parameters.IsEmpty) return new EpisodeLimits(MaxSteps: null);
        try
        {
            using var document = JsonDocument.Parse(parameters);
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The parser takes names with lone surrogates, and throws at them when it is asked for any name.
            throw new EnvironmentRejectedException($"params cannot be read: {exception.Message}");
        }
    }

    private static EpisodeLimits Read(JsonElement parameters)
    {
        if (parameters.ValueKind != JsonValueKind.Object) throw new EnvironmentRejectedException("params must be a JSON object");
        if (!parameters.TryGetProperty("max_steps", out var given) || given.ValueKind == JsonValueKind.Null) return new EpisodeLimits(MaxSteps: null);
        return given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var steps) && steps > 0
            ? new EpisodeLimits(steps)
            : throw new EnvironmentRejectedException("params.max_steps must be an integer above 0");
    }
}
