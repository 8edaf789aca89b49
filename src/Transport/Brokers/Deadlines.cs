namespace SandQueue.Transport.Brokers;

/// <summary>
/// Limits on calls into the bus. They are not optional: around a broker's restart a send can wait for ever, and an endpoint
/// can stay without its queue for ever.
/// </summary>
internal static class Deadlines
{
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(30);

    /// <summary>Of an endpoint that is connected again: less than <see cref="Connect"/>, since another attempt may be all it needs.</summary>
    public static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan Disconnect = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Below the 3 s that MassTransit sleeps before it tries a send again on a new channel: its sender tries again sooner, and
    /// knows whether that still makes sense.
    /// </summary>
    public static readonly TimeSpan Send = TimeSpan.FromSeconds(2.5);

    /// <summary>Between two probes of a queue that receives.</summary>
    public static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(5);

    /// <summary>Between two probes of a queue whose last probe failed.</summary>
    public static readonly TimeSpan FailedProbeInterval = TimeSpan.FromSeconds(1);

    /// <summary>A message to oneself takes a millisecond; one that took so long did not come.</summary>
    public static readonly TimeSpan RoundTrip = TimeSpan.FromSeconds(5);

    /// <summary>Of one attempt to use the broker through a new connection.</summary>
    public static readonly TimeSpan BrokerProbe = TimeSpan.FromSeconds(5);

    /// <summary>How long a new connection can be used while this process's own cannot, until the process ends to be restarted.</summary>
    public static readonly TimeSpan BrokenConnection = TimeSpan.FromSeconds(30);

    /// <summary>Missed probes in a row after which a queue is reconnected. Probes, not seconds: a process may have stood still between two.</summary>
    public const int MissedProbes = 3;

    /// <summary>Probes in a row that could not be sent, after which a line is logged.</summary>
    public const int UnreachableProbes = 30;
}
