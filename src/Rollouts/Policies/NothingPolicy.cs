namespace SandQueue.Rollouts.Policies;

/// <summary>Takes no step: its episode is evaluated as it was made.</summary>
internal sealed class NothingPolicy : IPolicy
{
    public Task<PolicyTurn> DecideAsync(PolicyEpisode episode, CancellationToken cancellationToken) => Task.FromResult(new PolicyTurn(null, [], StopReasons.NoSteps) { IsRepeatable = true });

    public void Resume(int step, PolicyTurn turn)
    {
        // It has decided nothing.
    }
}
