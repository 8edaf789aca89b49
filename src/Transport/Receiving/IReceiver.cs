using MassTransit;

namespace SandQueue.Transport.Receiving;

/// <summary>
/// A consumer that needs nothing of the bus but the message and where its answer goes. So what is sent to its queue from the same process is handed to it
/// without the bus. It returns soon, and changes nothing in the message: the sender may still hold it.
/// </summary>
/// <typeparam name="TMessage">A message of the contracts.</typeparam>
public interface IReceiver<TMessage> : IConsumer<TMessage>
    where TMessage : class
{
    /// <param name="message">The message.</param>
    /// <param name="replyTo">The sender's reply endpoint; null where nothing goes back.</param>
    /// <param name="cancellationToken">Gives the work up.</param>
    Task ReceiveAsync(TMessage message, Uri? replyTo, CancellationToken cancellationToken);

    Task IConsumer<TMessage>.Consume(ConsumeContext<TMessage> context) => ReceiveAsync(context.Message, context.ResponseAddress, context.CancellationToken);
}
