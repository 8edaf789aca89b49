using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Countdown;

/// <summary>Reaching a target with given numbers: every task id of the form has a puzzle, drawn from the seed in it.</summary>
internal sealed class CountdownEnvironment : IEnvironment
{
    private readonly SampledSplits _splits = new("countdown",
    [
        seed => new CountdownTask(3, seed).ToString(),
        seed => new CountdownTask(4, seed).ToString(),
    ]);

    public EnvironmentDescription Description { get; } = new(
        Name: "countdown",
        Version: "2",
        ScorerVersion: "2",
        PromptVersion: "2",
        DataHash: "",
        DataSource: "puzzles drawn from the seed in the task id")
    {
        Unlimited = true,
        Parameters = CountdownScoring.Parameters,
    };

    public IReadOnlyList<string> Splits => SampledSplits.Names;

    public IReadOnlyList<string> ListTasks(string split) => _splits.List(split);

    public IInstance Create(string taskId, EpisodeParameters parameters)
    {
        var task = CountdownTask.Parse(taskId);
        return new CountdownInstance(PuzzleGenerator.Draw(task, parameters.Seed), parameters, task);
    }
}
