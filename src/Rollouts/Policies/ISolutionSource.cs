namespace SandQueue.Rollouts.Policies;

/// <summary>Knows how live instances are won, where their environments do.</summary>
public interface ISolutionSource
{
    /// <summary>Asks for the way from the state of an instance as it stands to the most that its task can give.</summary>
    /// <param name="tenant">Whose instance it is.</param>
    /// <param name="instanceId">The instance.</param>
    /// <param name="remaining">How long it may take.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="PolicyException">There is no answer: the environment knows no solutions, or could not be asked.</exception>
    Task<Solution> FindAsync(string tenant, string instanceId, TimeSpan remaining, CancellationToken cancellationToken);
}
