namespace SandQueue.Client;

/// <summary>How one step among many ended: exactly one of <see cref="Step"/> and <see cref="Failure"/> is there.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="CommandId">The step's id.</param>
/// <param name="Step">What the step answered; null where it did not complete.</param>
/// <param name="Failure">Why it did not complete; null where it did.</param>
public sealed record StepResult(string InstanceId, string CommandId, EpisodeStep? Step, SandQueueException? Failure)
{
    /// <summary>What the step answered.</summary>
    /// <exception cref="SandQueueException">It did not complete.</exception>
    public EpisodeStep EnsureCompleted() => Step ?? throw Failure!;
}
