namespace SandQueue.Transport.Sending;

/// <summary>The broker returned a message, since no queue has the name it was sent to: its process is dead, or has lost its queue for a moment.</summary>
/// <param name="queue">The queue's name.</param>
/// <param name="inner">What the transport's library said.</param>
public sealed class QueueGoneException(string queue, Exception inner) : MessageNotSentException($"queue {queue} is gone: the broker returned the message", inner)
{
    /// <summary>The queue's name.</summary>
    public string Queue { get; } = queue;
}
