using System.Collections.Concurrent;
using MassTransit;
using MassTransit.Logging;
using Microsoft.Extensions.Logging;

namespace SandQueue.Transport.Sending;

/// <summary>
/// What is logged of sends that fail. MassTransit logs an error with its stack trace for each, whatever its caller makes of
/// it; those lines are left out, and of messages to one dead queue there is one line an interval instead.
/// </summary>
internal sealed partial class SendLog(ILoggerFactory loggers, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly ILogger _log = loggers.CreateLogger<SendLog>();
    private readonly ILogContext _quiet = new BusLogContext(new WithoutSendFaults(loggers));
    private readonly ConcurrentDictionary<string, Returns> _returns = new(StringComparer.Ordinal);
    private long _lastSweep = time.GetTimestamp();

    /// <summary>Dead queues that are remembered.</summary>
    public int Queues => _returns.Count;

    /// <summary>Lets MassTransit log through this in the calls that follow in the same asynchronous method.</summary>
    public void Enter() => LogContext.Current = _quiet;

    /// <summary>A message to a queue came back.</summary>
    public void Returned(string queue)
    {
        Sweep();
        var returns = _returns.GetOrAdd(queue, _ => new Returns());
        long unlogged;
        lock (returns)
        {
            returns.Unlogged++;
            if (returns.LastLine is { } last && time.GetElapsedTime(last) < Interval) return;
            unlogged = returns.Unlogged - 1;
            (returns.Unlogged, returns.LastLine) = (0, time.GetTimestamp());
        }

        if (unlogged == 0) IsGone(queue);
        else IsStillGone(queue, unlogged);
    }

    /// <summary>Dead queues come without end, since each process has a new name.</summary>
    private void Sweep()
    {
        if (time.GetElapsedTime(Interlocked.Read(ref _lastSweep)) < Interval + Interval) return;
        Interlocked.Exchange(ref _lastSweep, time.GetTimestamp());
        foreach (var (queue, returns) in _returns)
        {
            if (returns.LastLine is { } last && time.GetElapsedTime(last) >= Interval + Interval) _returns.TryRemove(queue, out _);
        }
    }

    /// <summary>A consumer of this process failed with a message that came without the bus, which else logs that.</summary>
    [LoggerMessage(LogLevel.Error, "a message to queue {Queue} could not be consumed")]
    public partial void NotConsumed(string queue, Exception failure);

    [LoggerMessage(LogLevel.Warning, "a message to queue {Queue} was returned: the queue is gone")]
    private partial void IsGone(string queue);

    [LoggerMessage(LogLevel.Warning, "a message to queue {Queue} was returned: the queue is gone; {Count} more were returned since the last line")]
    private partial void IsStillGone(string queue, long count);

    private sealed class Returns
    {
        public long Unlogged { get; set; }

        public long? LastLine { get; set; }
    }
}
