namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>
/// What an <see cref="IInstance"/> implements besides where it knows how its episode is won. Tests of a system and the validation of tasks play
/// by it; no agent gets to see it.
/// </summary>
public interface ISolvable
{
    /// <summary>The way from the state as it stands to the most that the task can give. Changes nothing, and gives the same answer every time.</summary>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more. A search looks at it.</param>
    Solution Solve(CancellationToken cancellationToken);
}
