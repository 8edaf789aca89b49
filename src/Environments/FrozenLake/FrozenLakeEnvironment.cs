using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.FrozenLake;

/// <summary>Crossing a frozen lake step by step: every task id of the form has a map, drawn from the seed in it.</summary>
internal sealed class FrozenLakeEnvironment : IEnvironment
{
    private readonly SampledSplits _splits = new("frozenlake",
    [
        seed => new FrozenLakeTask(4, Slippery: false, seed).ToString(),
        seed => new FrozenLakeTask(4, Slippery: true, seed).ToString(),
        seed => new FrozenLakeTask(8, Slippery: false, seed).ToString(),
        seed => new FrozenLakeTask(8, Slippery: true, seed).ToString(),
    ]);

    public EnvironmentDescription Description { get; } = new(
        Name: "frozenlake",
        Version: "2",
        ScorerVersion: "1",
        PromptVersion: "2",
        DataHash: "",
        DataSource: "maps drawn from the seed in the task id")
    {
        Unlimited = true,
    };

    public IReadOnlyList<string> Splits => SampledSplits.Names;

    public IReadOnlyList<string> ListTasks(string split) => _splits.List(split);

    public IInstance Create(string taskId, EpisodeParameters parameters) => new FrozenLakeInstance(FrozenLakeTask.Parse(taskId), parameters);
}
