namespace SandQueue.Rollouts.Policies;

/// <summary>Plays actions that are given, byte for byte, and stops where they are over.</summary>
/// <param name="actions">The actions, each the bytes of an assistant's message.</param>
internal sealed class RecordedPolicy(IReadOnlyList<byte[]> actions) : IPolicy
{
    public Task<PolicyTurn> DecideAsync(PolicyEpisode episode, CancellationToken cancellationToken) => Task.FromResult(
        (episode.Step <= actions.Count ? new PolicyTurn(actions[episode.Step - 1], []) : new PolicyTurn(null, [], StopReasons.ActionsOver)) with { IsRepeatable = true });

    public void Resume(int step, PolicyTurn turn)
    {
        // The number of the step says which action is next.
    }
}
