namespace SandQueue.Rollouts.Policies;

/// <summary>
/// Plays what the environment says leads to its goal, and asks it again where that is played and the episode goes on. The answer goes from the state as it stands, so
/// it cannot be asked for twice: it is recorded with the first of its steps, before that is sent, and a worker that goes on with the rollout plays the recorded one.
/// </summary>
internal sealed class GoldPolicy(ISolutionSource solutions, string tenant) : IPolicy
{
    /// <summary>A search may take long; an environment that never answers is given up.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly Queue<byte[]> _ahead = [];

    public async Task<PolicyTurn> DecideAsync(PolicyEpisode episode, CancellationToken cancellationToken)
    {
        if (_ahead.TryDequeue(out var next)) return new PolicyTurn(next, []) { IsRepeatable = true };

        var limit = episode.Remaining is { } left && left < Longest ? left : Longest;
        var solution = await solutions.FindAsync(tenant, episode.InstanceId, limit, cancellationToken);
        foreach (var action in solution.Messages) _ahead.Enqueue(action);

        // Where no way is known no step follows, and the state stays as it is: whoever asks again is told the same.
        return _ahead.TryDequeue(out var first) ? new PolicyTurn(first, solution.Write()) : new PolicyTurn(null, [], StopReasons.SolutionOver) { IsRepeatable = true };
    }

    public void Resume(int step, PolicyTurn turn)
    {
        _ahead.Clear();
        foreach (var action in Solution.Read(turn.Answer).Messages.Skip(1)) _ahead.Enqueue(action);
    }
}
