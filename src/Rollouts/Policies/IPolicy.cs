namespace SandQueue.Rollouts.Policies;

/// <summary>Decides the actions of one rollout. Made for it, called by it alone, one turn after the other.</summary>
public interface IPolicy
{
    /// <summary>
    /// Decides the next action. A turn that was recorded before a worker died is handed to <see cref="Resume"/> instead, so that none is decided twice; turns that are
    /// not recorded, because they would be decided the same again, are decided anew from the first on.
    /// </summary>
    /// <param name="episode">What was said so far.</param>
    /// <param name="cancellationToken">Gives it up: the rollout's time is over, or it was cancelled.</param>
    /// <exception cref="PolicyException">It cannot decide. The rollout fails with cause <c>policy</c>.</exception>
    Task<PolicyTurn> DecideAsync(PolicyEpisode episode, CancellationToken cancellationToken);

    /// <summary>Takes note of a turn that was decided and recorded before, in order, so that the next one follows it.</summary>
    /// <param name="step">The number of its step, from 1.</param>
    /// <param name="turn">The turn as it was recorded.</param>
    void Resume(int step, PolicyTurn turn);
}
