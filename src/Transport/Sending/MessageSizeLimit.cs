using MassTransit;
using MassTransit.Context;

namespace SandQueue.Transport.Sending;

/// <summary>Refuses a message above the limit before it leaves, when its size is known exactly: after it was serialized, whose result is kept for the send.</summary>
internal sealed class MessageSizeLimit(int limit) : ISendObserver
{
    public Task PreSend<T>(SendContext<T> context)
        where T : class =>
        context is MessageSendContext<T> { Body: { } body } && body.GetBytes().LongLength is var bytes && bytes > limit
            ? Task.FromException(new MessageTooLargeException(bytes, limit))
            : Task.CompletedTask;

    public Task PostSend<T>(SendContext<T> context)
        where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;
}
