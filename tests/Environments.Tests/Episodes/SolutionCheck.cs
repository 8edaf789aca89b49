using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Messages;
using SandQueue.Environments.Episodes;

namespace SandQueue.Environments.Tests.Episodes;

/// <summary>Plays the solutions of tasks, and says which of them are none.</summary>
internal static class SolutionCheck
{
    /// <summary>What fails of all tasks of all splits, a line each.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="most">Tasks of a split that are played; all where it is left out.</param>
    public static IReadOnlyList<string> Failures(IEnvironment environment, int most = int.MaxValue) =>
    [
        .. environment.Splits.SelectMany(split => environment.ListTasks(split).Take(most)).Distinct()
            .AsParallel().AsOrdered()
            .Select(task => Failure(environment, task) is { } failure ? $"{task}: {failure}" : null)
            .OfType<string>(),
    ];

    /// <summary>Why a task fails; null where gold reaches its maximum and nothing stays below it.</summary>
    public static string? Failure(IEnvironment environment, string task)
    {
        using var episode = Made(environment, task);
        var solution = episode.Solve(CancellationToken.None);
        if (JsonSerializer.Serialize(solution) != JsonSerializer.Serialize(episode.Solve(CancellationToken.None))) return "its solution is another the second time";
        if (solution.Messages.Count == 0) return "it knows no solution";
        using var untouched = Made(environment, task);
        if (untouched.Evaluate(default).Score >= solution.Maximum) return "nothing reaches the maximum";
        StepResult? last = null;
        foreach (var message in solution.Messages)
        {
            if (last is { IsTerminated: true }) return "the episode ended before its solution did";
            last = episode.Step(Action(message), CancellationToken.None);
        }

        var evaluation = episode.Evaluate(default);
        if (evaluation.Score < solution.Maximum || last!.Reward < solution.Maximum)
        {
            return $"gold reaches {evaluation.Score} of {solution.Maximum}: {evaluation.Details.ToJsonString()} by {JsonSerializer.Serialize(solution.Messages)}";
        }

        return last.IsTerminated && episode.Solve(CancellationToken.None).Messages.Count == 0 ? null : "it does not end";
    }

    public static AgentAction Action(JsonObject message)
    {
        using var document = JsonDocument.Parse(message.ToJsonString());
        return ActionReader.Read(document.RootElement);
    }

    private static Episode Made(IEnvironment environment, string task) => new(environment.Create(task, EpisodeParameters.None), maxSteps: null);
}
