namespace SandQueue.Rollouts.Endpoints;

/// <summary>An attempt failed that may be made again at once.</summary>
/// <param name="message">What was wrong.</param>
/// <param name="retryAfter">When the endpoint wants to be called again; null where it does not say.</param>
/// <param name="isUnreachable">Whether nobody was there.</param>
/// <param name="innerException">What it follows from.</param>
internal sealed class RepeatableFailureException(string message, TimeSpan? retryAfter = null, bool isUnreachable = false, Exception? innerException = null)
    : Exception(message, innerException)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;

    public bool IsUnreachable { get; } = isUnreachable;
}
