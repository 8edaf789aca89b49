namespace SandQueue.Rollouts.Requests;

/// <summary>What was asked for is refused, and nothing was started. The message is one line for people.</summary>
/// <param name="detail">What was wrong, where, what to do.</param>
/// <param name="kind">Whose doing it is.</param>
public sealed class RequestRefusedException(string detail, RefusalKind kind = RefusalKind.Invalid) : Exception(detail)
{
    /// <summary>Whose doing it is.</summary>
    public RefusalKind Kind { get; } = kind;
}
