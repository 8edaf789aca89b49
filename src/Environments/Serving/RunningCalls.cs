using System.Collections.Concurrent;
using System.Globalization;
using SandQueue.Frames;

namespace SandQueue.Environments.Serving;

/// <summary>
/// The calls that run now. A caller that gave up does not end what its call does: the health check says how long the longest
/// has been running, so that a container in which one goes on is not taken for well.
/// </summary>
internal sealed class RunningCalls(TimeProvider time)
{
    /// <summary>The header of the health check: milliseconds of the longest call that runs.</summary>
    public const string Header = "Sandqueue-Longest-Call-Ms";

    private readonly ConcurrentDictionary<long, long> _began = new();
    private long _count;

    public async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        var call = Began();
        try
        {
            await next(context);
        }
        finally
        {
            Ended(call);
        }
    }

    /// <returns>Its number, for <see cref="Ended"/>.</returns>
    public long Began()
    {
        var call = Interlocked.Increment(ref _count);
        _began[call] = time.GetTimestamp();
        return call;
    }

    public void Ended(long call) => _began.TryRemove(call, out _);

    public Task AnswerHealthAsync(HttpContext context)
    {
        var first = time.GetTimestamp();
        foreach (var (_, began) in _began) first = Math.Min(first, began);
        context.Response.Headers[FrameListening.Header] = FrameListening.Version;
        context.Response.Headers[Header] = ((long)time.GetElapsedTime(first).TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return context.Response.WriteAsync("OK", context.RequestAborted);
    }
}
