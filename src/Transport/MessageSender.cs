using MassTransit;

namespace SandQueue.Transport;

/// <summary>Sends messages, each with a deadline of its own.</summary>
public sealed class MessageSender
{
    private readonly IBus _bus;
    private readonly ITransportEdge _edge;

    internal MessageSender(IBus bus, ITransportEdge edge) => (_bus, _edge) = (bus, edge);

    /// <summary>Sends to a queue that several processes compete for.</summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="message">A message of the contracts.</param>
    /// <param name="replyTo">The sender's reply endpoint, or null where nothing comes back.</param>
    /// <param name="lifetime">After this time the message is of no use, and may be dropped from its queue.</param>
    /// <param name="cancellationToken">Gives the send up.</param>
    /// <exception cref="TimeoutException">The transport did not take the message in time.</exception>
    public Task SendSharedAsync<T>(string queue, T message, Uri? replyTo, TimeSpan lifetime, CancellationToken cancellationToken)
        where T : class =>
        SendAsync(_edge.SharedAddress(queue), message, context =>
        {
            context.ResponseAddress = replyTo;
            context.TimeToLive = lifetime;
        }, cancellationToken);

    /// <summary>Sends to a process's own queue.</summary>
    /// <exception cref="TimeoutException">The transport did not take the message in time.</exception>
    /// <exception cref="MassTransitException">The queue is gone, and its process with it, as far as the transport can tell.</exception>
    /// <inheritdoc cref="SendSharedAsync{T}" />
    public Task SendOwnAsync<T>(string queue, T message, Uri? replyTo, CancellationToken cancellationToken)
        where T : class =>
        SendAsync(_edge.OwnAddress(queue), message, context =>
        {
            context.ResponseAddress = replyTo;
            _edge.RequireReceiver(context);
        }, cancellationToken);

    /// <summary>Answers at the reply address a message came with.</summary>
    /// <exception cref="TimeoutException">The transport did not take the message in time.</exception>
    public Task ReplyAsync<T>(Uri address, T message, CancellationToken cancellationToken)
        where T : class =>
        SendAsync(address, message, _edge.RequireReceiver, cancellationToken);

    private async Task SendAsync<T>(Uri address, T message, Action<SendContext<T>> prepare, CancellationToken cancellationToken)
        where T : class
    {
        var endpoint = await _bus.GetSendEndpoint(address).WaitAsync(Deadlines.Send, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadlines.Send);
        await endpoint.Send(message, prepare, limit.Token).WaitAsync(Deadlines.Send, cancellationToken);
    }
}
