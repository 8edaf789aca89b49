using SandQueue.Contracts;

namespace SandQueue.Transport.Sending;

/// <summary>
/// Sends messages of the contracts to queues and to reply addresses. Each send has a deadline of its own, and fails in one of
/// three ways, whatever the transport and its library throw: it may be sent again, its receiver is gone, or it can never be sent.
/// </summary>
public interface IMessageSender
{
    /// <summary>Sends to a queue that several processes compete for.</summary>
    /// <param name="queue">The queue's name, from <see cref="Contracts.QueueNames"/>.</param>
    /// <param name="message">A message of the contracts.</param>
    /// <param name="replyTo">The sender's reply endpoint, or null where nothing comes back.</param>
    /// <param name="lifetime">After this time the message is of no use, and may be dropped from its queue.</param>
    /// <param name="cancellationToken">Gives the send up.</param>
    /// <exception cref="MessageNotSentException">The transport did not confirm the message in time.</exception>
    /// <exception cref="MessageTooLargeException">The message is above the transport's limit.</exception>
    Task SendSharedAsync<T>(string queue, T message, Uri? replyTo, TimeSpan lifetime, CancellationToken cancellationToken)
        where T : class;

    /// <summary>Sends to a process's own queue.</summary>
    /// <param name="queue">The queue's name, from <see cref="Contracts.QueueNames"/>.</param>
    /// <param name="message">A message of the contracts.</param>
    /// <param name="replyTo">The sender's reply endpoint, or null where nothing comes back.</param>
    /// <param name="cancellationToken">Gives the send up.</param>
    /// <exception cref="QueueGoneException">The queue is gone, and its process with it, as far as the transport can tell.</exception>
    /// <exception cref="MessageNotSentException">The transport did not confirm the message in time.</exception>
    /// <exception cref="MessageTooLargeException">The message is above the transport's limit.</exception>
    Task SendOwnAsync<T>(string queue, T message, Uri? replyTo, CancellationToken cancellationToken)
        where T : class;

    /// <summary>Answers at the reply address a message came with.</summary>
    /// <param name="address">The reply address.</param>
    /// <param name="message">A message of the contracts.</param>
    /// <param name="cancellationToken">Gives the send up.</param>
    /// <exception cref="QueueGoneException">The queue is gone, and its process with it, as far as the transport can tell.</exception>
    /// <exception cref="MessageNotSentException">The transport did not confirm the message in time.</exception>
    /// <exception cref="MessageTooLargeException">The message is above the transport's limit.</exception>
    Task ReplyAsync<T>(Uri address, T message, CancellationToken cancellationToken)
        where T : class;

    /// <summary>
    /// Hands a message to this process's own queue of that name, or with that reply address, where it has it. Its consumer begins on the caller's thread, and nothing
    /// waits for company: items that wait for each other save messages of a bus, and there is none.
    /// </summary>
    /// <param name="destination">The queue's name, or the text of the reply address.</param>
    /// <param name="item">What is sent.</param>
    /// <param name="message">Makes the message of it.</param>
    /// <param name="replyTo">The sender's reply endpoint, or null where nothing comes back.</param>
    /// <returns>False where the queue is not this process's: nothing was done.</returns>
    bool TryHandOver<TItem, T>(string destination, TItem item, Func<TItem, T> message, Uri? replyTo)
        where T : class;
}
