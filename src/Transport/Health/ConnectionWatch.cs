using Microsoft.Extensions.Logging;
using SandQueue.Transport.Brokers;

namespace SandQueue.Transport.Health;

/// <summary>
/// Ends the process where its connection is broken for good: the broker takes messages over a new connection, and for 30 s
/// none over this process's own. Every process has probes of an own queue, which report here.
/// </summary>
/// <param name="broker">Publishes over a new connection.</param>
/// <param name="restart">Ends the process.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where the end is logged.</param>
internal sealed partial class ConnectionWatch(SharedBrokerProbe broker, IProcessRestart restart, TimeProvider time, ILogger log)
{
    private readonly Lock _gate = new();
    private long? _brokenSince;
    private bool _isRequested;

    /// <summary>A message was sent.</summary>
    public void Works()
    {
        lock (_gate) _brokenSince = null;
    }

    /// <summary>A message could not be sent.</summary>
    public async Task FailsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await broker.TryAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The broker is away, or short of memory or disk: a restart of this process would not help.
            Works();
            return;
        }

        lock (_gate)
        {
            _brokenSince ??= time.GetTimestamp();
            if (_isRequested || time.GetElapsedTime(_brokenSince.Value) < Deadlines.BrokenConnection) return;
            _isRequested = true;
        }

        Broken(Deadlines.BrokenConnection.TotalSeconds);
        restart.Request();
    }

    [LoggerMessage(LogLevel.Critical, "the broker takes messages over a new connection, and for {Seconds} s none over the connection of this process: the process ends, to be restarted")]
    private partial void Broken(double seconds);
}
