using SandQueue.Contracts;
using SandQueue.Rollouts.Settings;

namespace SandQueue.Rollouts.Endpoints;

/// <summary>
/// Calls chat endpoints, and calls again with exponential backoff what was too busy, failed, or lost its connection. An endpoint that says when to come again
/// (<c>Retry-After</c>) is heeded within limits.
/// </summary>
/// <param name="http">The connections.</param>
/// <param name="options">Limits.</param>
/// <param name="time">The clock.</param>
public sealed class ChatEndpoint(EndpointHttp http, EndpointOptions options, TimeProvider time)
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);

    /// <returns>The answer, byte for byte; assembled where it came in pieces.</returns>
    /// <exception cref="EndpointException">There is no answer.</exception>
    internal async Task<byte[]> CompleteAsync(EndpointCall call, CancellationToken cancellationToken)
    {
        var attempt = new EndpointAttempt(http, options, time);
        var backoff = FirstBackoff;
        for (var retries = 0; ; retries++)
        {
            try
            {
                return await attempt.RunAsync(call, cancellationToken);
            }
            catch (RepeatableFailureException exception) when (retries < call.Retries)
            {
                var pause = exception.RetryAfter is { } asked ? asked < options.LongestRetryAfter ? asked : options.LongestRetryAfter : Jittered(backoff);
                await Task.Delay(pause, time, cancellationToken);
                backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
            }
            catch (RepeatableFailureException exception)
            {
                var tries = retries == 0 ? "" : $" ({retries + 1} attempts)";
                throw new EndpointException(OneLine.Of($"{exception.Message}{tries}"), exception.IsUnreachable ? EndpointFailure.Unusable : EndpointFailure.Passing, exception);
            }
        }
    }

    /// <summary>So that rollouts which were refused together do not come again together.</summary>
    private static TimeSpan Jittered(TimeSpan backoff) => backoff * (0.5 + (Random.Shared.NextDouble() / 2));
}
