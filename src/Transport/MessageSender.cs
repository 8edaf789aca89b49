using MassTransit;

namespace SandQueue.Transport;

/// <summary>Sends messages to queues by name, each with a deadline of its own.</summary>
public sealed class MessageSender(IBus bus)
{
    /// <param name="queue">The queue's name.</param>
    /// <param name="message">A message of the contracts.</param>
    /// <param name="replyTo">The sender's reply endpoint, or null where nothing comes back.</param>
    /// <param name="cancel">Gives the send up.</param>
    /// <exception cref="TimeoutException">The transport did not take the message in time.</exception>
    public Task SendAsync<T>(string queue, T message, Uri? replyTo, CancellationToken cancel)
        where T : class =>

        // "exchange:" sends to what the receiver declared; "queue:" would declare the queue again, with other arguments.
        SendAsync(new Uri($"exchange:{queue}"), message, replyTo, cancel);

    /// <inheritdoc cref="SendAsync{T}(string, T, Uri?, CancellationToken)" />
    /// <param name="address">An endpoint's own address, as it came with a message.</param>
    public async Task SendAsync<T>(Uri address, T message, Uri? replyTo, CancellationToken cancel)
        where T : class
    {
        var endpoint = await bus.GetSendEndpoint(address).WaitAsync(Deadlines.Send, cancel);
        await endpoint.Send(message, context => context.ResponseAddress = replyTo, cancel).WaitAsync(Deadlines.Send, cancel);
    }
}
