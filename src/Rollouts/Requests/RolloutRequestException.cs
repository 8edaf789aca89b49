namespace SandQueue.Rollouts.Requests;

/// <summary>What was asked for cannot be played: the caller's mistake. Its message is one line that names the field, and holds no key.</summary>
/// <param name="message">What is wrong, where, what to do.</param>
public sealed class RolloutRequestException(string message) : Exception(message);
