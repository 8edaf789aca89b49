namespace SandQueue.Rollouts.Policies;

/// <summary>A policy could not decide. Its message is one line for people and holds no key.</summary>
/// <param name="message">What was wrong, where, what to do.</param>
/// <param name="refusesEverything">The same would meet every rollout of this policy: the address is refused or unreachable, the key or the model unknown. A batch pauses over it.</param>
/// <param name="isRetryable">Whether another attempt may go well.</param>
/// <param name="innerException">What it follows from; null where it follows from nothing.</param>
public sealed class PolicyException(string message, bool refusesEverything = false, bool isRetryable = true, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The same would meet every rollout of this policy.</summary>
    public bool RefusesEverything { get; } = refusesEverything;

    /// <summary>Whether another attempt may go well.</summary>
    public bool IsRetryable { get; } = isRetryable;

    /// <summary>The policy was not asked: no room, a worker or the database was away for as long as there was time. It is no fault of the policy's.</summary>
    public bool IsInfrastructure { get; init; }
}
