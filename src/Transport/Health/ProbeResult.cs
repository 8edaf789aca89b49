namespace SandQueue.Transport.Health;

/// <summary>What a probe of one queue found.</summary>
internal enum ProbeResult
{
    /// <summary>Messages come through the queue.</summary>
    Received,

    /// <summary>The broker can be used, and nothing comes through the queue.</summary>
    Missed,

    /// <summary>The broker is away or takes no messages: nothing is known of the queue, and reconnecting it would not help.</summary>
    Unreachable,
}
