using SandQueue.Rollouts.Policies;

namespace SandQueue.Rollouts.Play;

/// <summary>The turns of one attempt of a rollout that could not be decided again (<see cref="PolicyTurn.IsRepeatable"/>), kept so that none is decided twice.</summary>
public interface IRolloutRecord
{
    /// <summary>A page of the turns that were recorded, of so many bytes that one may have in memory; none in a fresh attempt.</summary>
    /// <param name="after">Only turns after this number; 0 for the first page.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    Task<RecordedTurns> ReadAsync(int after, CancellationToken cancellationToken);

    /// <summary>Records a turn. It is stored when this returns. The same turn again is no error: a commit may have taken effect and said nothing.</summary>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <exception cref="ClaimLostException">Another worker has the rollout now.</exception>
    Task AppendAsync(int number, PolicyTurn turn, CancellationToken cancellationToken);

    /// <summary>Returns where the rollout is still this worker's.</summary>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <exception cref="ClaimLostException">Another worker has the rollout now.</exception>
    Task ConfirmAsync(CancellationToken cancellationToken);
}
