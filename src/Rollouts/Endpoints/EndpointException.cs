namespace SandQueue.Rollouts.Endpoints;

/// <summary>An endpoint gave no answer that can be used.</summary>
/// <param name="message">What was wrong, where, what to do; one line without a key.</param>
/// <param name="kind">What follows from it.</param>
/// <param name="innerException">What it follows from.</param>
internal sealed class EndpointException(string message, EndpointFailure kind, Exception? innerException = null) : Exception(message, innerException)
{
    public EndpointFailure Kind { get; } = kind;
}
