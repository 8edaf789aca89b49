namespace SandQueue.Transport.Sending;

/// <summary>A message was not sent, and never will be: the broker would refuse it, and close the channel that all sends of this process share.</summary>
/// <param name="bytes">The size of the message.</param>
/// <param name="limit">The largest size that is sent.</param>
public sealed class MessageTooLargeException(long bytes, int limit)
    : Exception($"a message of {bytes} bytes is above the limit of {limit} bytes for one message, and was not sent")
{
    /// <summary>The size of the message in bytes, as it would have travelled.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>The limit in bytes.</summary>
    public int Limit { get; } = limit;
}
