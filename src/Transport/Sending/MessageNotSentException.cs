using MassTransit;

namespace SandQueue.Transport.Sending;

/// <summary>
/// The transport did not confirm a message: the broker is away, takes no messages, or was too slow. Nothing is said about the
/// command in it: the message may arrive all the same, and may be sent again. A <see cref="MassTransitException"/> like what
/// endpoints fail with, so that one catch serves both.
/// </summary>
public class MessageNotSentException : MassTransitException
{
    public MessageNotSentException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
