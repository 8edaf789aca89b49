namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>What an environment says of itself. Its version strings make up the provenance of every episode.</summary>
/// <param name="Name">The <c>env_type</c> of requests: lower case, no spaces.</param>
/// <param name="Version">Changes whenever an observation, reward or end could differ from the version before.</param>
/// <param name="ScorerVersion">Changes whenever an evaluation could differ.</param>
/// <param name="PromptVersion">Changes whenever the first two messages could differ.</param>
/// <param name="DataHash">SHA-256 of the task data, hex; empty for a procedural environment.</param>
/// <param name="DataSource">In words, for people: which data it serves, and from where.</param>
/// <param name="Replayable">Whether the same actions on a fresh instance give the same observations.</param>
/// <param name="EvaluateChangesState">Whether an evaluation is part of what a replay has to repeat.</param>
public sealed record EnvironmentDescription(
    string Name,
    string Version,
    string ScorerVersion,
    string PromptVersion,
    string DataHash,
    string DataSource,
    Replayable Replayable = Replayable.Yes,
    bool EvaluateChangesState = false)
{
    /// <summary>Task ids are made by rule: a split's list is a sample of them.</summary>
    public bool Unlimited { get; init; }

    /// <summary>What Create takes in <c>params</c> besides what every environment takes.</summary>
    public IReadOnlyList<CreateParameter> Parameters { get; init; } = [];

    /// <summary>What could not be loaded, one line each, with file and line; the rest is served all the same.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
