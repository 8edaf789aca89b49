using System.Text.Json;

namespace SandQueue.FaultRuns.Models;

/// <summary>
/// What an environment has to answer, written from its README alone and sharing no code with it. It chooses actions too:
/// such as keep an episode going.
/// </summary>
internal abstract class EnvironmentModel
{
    /// <summary>Whether the episode has ended.</summary>
    public bool Ended => EndReason is not null;

    protected string? EndReason { get; set; }

    /// <param name="episode">Which episode.</param>
    /// <param name="opening">The data of its Create.</param>
    /// <param name="chances">What chance decided elsewhere.</param>
    public static EnvironmentModel Of(EpisodeName episode, JsonElement opening, Chances chances) => episode.Environment switch
    {
        "frozenlake" => new FrozenLakeModel(episode, Text(opening, 1), chances),
        "countdown" => new CountdownModel(Text(opening, 1)),
        _ => new FaultyModel(episode, chances),
    };

    /// <summary>The content of the next message.</summary>
    public abstract string Choose(Random random);

    /// <summary>Takes a step and compares.</summary>
    /// <returns>Null where the answer is the model's.</returns>
    public Mismatch? Step(string content, int number, JsonElement data)
    {
        var reward = Take(content, Text(data, 0), out var problem);
        var given = data.GetProperty("reward");
        if (given.ValueKind != JsonValueKind.Number || given.GetDouble() != reward) return new Mismatch(MismatchKind.Reward, $"reward {given} instead of {reward}");
        if (problem is not null) return problem;

        var info = data.GetProperty("info");
        if (info.GetProperty("step").GetInt32() is var step && step != number) return new Mismatch(MismatchKind.Observation, $"step {step} instead of {number}");
        if (data.GetProperty("is_terminated").GetBoolean() != Ended) return new Mismatch(MismatchKind.Observation, $"is_terminated is not {Ended}");
        var reason = info.TryGetProperty("end_reason", out var end) ? end.GetString() : null;
        return reason == EndReason ? null : new Mismatch(MismatchKind.Observation, $"end_reason '{reason}' instead of '{EndReason}'");
    }

    /// <summary>Compares an evaluation.</summary>
    public Mismatch? Evaluate(JsonElement data)
    {
        var (score, details) = Score();
        var given = data.GetProperty("score");
        if (given.GetDouble() != score) return new Mismatch(MismatchKind.Reward, $"score {given} instead of {score}");
        foreach (var (name, value) in details)
        {
            if (data.GetProperty(name).ToString() is var other && other != value) return new Mismatch(MismatchKind.Observation, $"{name} is '{other}' instead of '{value}'");
        }

        return null;
    }

    /// <summary>Moves on with an action.</summary>
    /// <returns>The reward it earns.</returns>
    protected abstract double Take(string content, string observation, out Mismatch? problem);

    /// <summary>The score, and details as their texts. Called once an evaluation.</summary>
    protected abstract (double Score, (string Name, string Value)[] Details) Score();

    protected static Mismatch? Expect(string expected, string observation) =>
        expected == observation ? null : new Mismatch(MismatchKind.Observation, $"\"{observation}\" instead of \"{expected}\"");

    private static string Text(JsonElement data, int message) => data.GetProperty("state")[message].GetProperty("content").GetString()!;
}
