namespace SandQueue.Rollouts.Validation;

/// <summary>A validation cannot begin. Its message is one line for people.</summary>
/// <param name="message">What was wrong, where, what to do.</param>
/// <param name="isCallers">Whether the request is wrong; else there was no answer.</param>
public sealed class ValidationException(string message, bool isCallers) : Exception(message)
{
    /// <summary>Whether the request is wrong.</summary>
    public bool IsCallers { get; } = isCallers;
}
