namespace SandQueue.Gateway.Http;

/// <summary>
/// The form of errors under a path where it is not <c>{"detail": …}</c>. It is a feature of the request from its beginning, so that what is refused
/// before a door has it is told in that door's form.
/// </summary>
internal abstract class ErrorForm
{
    /// <summary>Where this door's callers put their idempotency keys, in words.</summary>
    public abstract string Key { get; }

    /// <param name="context">The request; nothing of its answer was written yet.</param>
    /// <param name="status">The status of the answer.</param>
    /// <param name="detail">What was wrong, where, what to do.</param>
    /// <param name="code">The reason for programs; null where the status says it.</param>
    public abstract Task WriteAsync(HttpContext context, int status, string detail, string? code);
}
