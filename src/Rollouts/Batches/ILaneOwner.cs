namespace SandQueue.Rollouts.Batches;

/// <summary>The worker that plays rollouts in this process: their claims end with its lease.</summary>
public interface ILaneOwner
{
    /// <summary>Its name now; another once a lease was lost.</summary>
    string Name { get; }
}
