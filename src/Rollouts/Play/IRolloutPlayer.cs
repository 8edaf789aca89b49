using SandQueue.Rollouts.Results;

namespace SandQueue.Rollouts.Play;

/// <summary>Plays one rollout: creates its instance, steps it with its policy's actions, evaluates and releases it.</summary>
public interface IRolloutPlayer
{
    /// <summary>
    /// Plays a rollout to its end, from the start or from where another worker left it. It always comes to a result, except where it is cancelled.
    /// </summary>
    /// <param name="rollout">What is to be played.</param>
    /// <param name="record">Where its turns are recorded, and where those of the worker before it are.</param>
    /// <param name="cancellationToken">Gives it up without an end: this worker stops or lost its claim, and another goes on.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    Task<RolloutResult> PlayAsync(RolloutAssignment rollout, IRolloutRecord record, CancellationToken cancellationToken);
}
