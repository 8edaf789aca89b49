namespace SandQueue.Rollouts.Policies;

/// <summary>
/// Plays what the environment says leads to its goal, and asks it again where that is played and the episode goes on. After another worker took the rollout over it asks
/// anew as well: the answer goes from the state as it stands.
/// </summary>
internal sealed class GoldPolicy(ISolutionSource solutions, string tenant) : IPolicy
{
    /// <summary>A search may take long; an environment that never answers is given up.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly Queue<byte[]> _ahead = [];

    public async Task<PolicyTurn> DecideAsync(PolicyEpisode episode, CancellationToken cancellationToken)
    {
        if (_ahead.Count == 0)
        {
            var limit = episode.Remaining is { } left && left < Longest ? left : Longest;
            foreach (var action in (await solutions.FindAsync(tenant, episode.InstanceId, limit, cancellationToken)).Messages) _ahead.Enqueue(action);
        }

        return _ahead.TryDequeue(out var next) ? new PolicyTurn(next, []) : new PolicyTurn(null, [], StopReasons.SolutionOver);
    }

    public void Resume(PolicyTurn turn)
    {
        // What comes next is asked for when it is wanted.
    }
}
