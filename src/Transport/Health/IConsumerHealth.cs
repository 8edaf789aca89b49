namespace SandQueue.Transport.Health;

/// <summary>Whether this process hears what is sent to it.</summary>
public interface IConsumerHealth
{
    /// <summary>
    /// How long ago a message last came through the own queue of this process that has been silent for longest. A probe comes
    /// through each of them every 5 s, so that more than 20 s says: this process does not hear. Zero where it has no own queue,
    /// and in the embedded mode, whose queues do not fail.
    /// </summary>
    TimeSpan SinceReceived { get; }
}
