namespace SandQueue.Rollouts.Requests;

/// <summary>Plays the actions of an episode in the journal again.</summary>
/// <param name="Type"><see cref="PolicyTypes.Replay"/> or <see cref="PolicyTypes.Rescore"/>.</param>
/// <param name="EpisodeId">The episode; null where it is named by its instance.</param>
/// <param name="InstanceId">The newest episode under that instance's name; null where the episode's id is given.</param>
/// <param name="IsCompared">Whether each step's observation, reward and end are compared with what is recorded.</param>
public sealed record ReplayRequest(string Type, long? EpisodeId, string? InstanceId, bool IsCompared) : PolicyRequest(Type);

/// <summary>Plays the first actions of an episode in the journal again, proves that they came out the same, and goes on with another policy.</summary>
/// <param name="EpisodeId">The episode; null where it is named by its instance.</param>
/// <param name="InstanceId">The newest episode under that instance's name; null where the episode's id is given.</param>
/// <param name="Steps">How many actions are played again.</param>
/// <param name="Then">Decides what follows.</param>
public sealed record ForkRequest(long? EpisodeId, string? InstanceId, int Steps, PolicyRequest Then) : PolicyRequest(PolicyTypes.Fork)
{
    /// <inheritdoc/>
    public override bool ReadsMessages => Then.ReadsMessages;

    /// <inheritdoc/>
    public override bool IsDeterministic => Then.IsDeterministic;
}
