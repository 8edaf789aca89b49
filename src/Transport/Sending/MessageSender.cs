using MassTransit;

namespace SandQueue.Transport.Sending;

/// <summary>Sends over the bus.</summary>
internal sealed class MessageSender(IBus bus, ITransportEdge edge) : IMessageSender
{
    public Task SendSharedAsync<T>(string queue, T message, Uri? replyTo, TimeSpan lifetime, CancellationToken cancellationToken)
        where T : class =>
        SendAsync(edge.SharedAddress(queue), message, context =>
        {
            context.ResponseAddress = replyTo;
            context.TimeToLive = lifetime;
        }, cancellationToken);

    public Task SendOwnAsync<T>(string queue, T message, Uri? replyTo, CancellationToken cancellationToken)
        where T : class =>
        SendAsync(edge.OwnAddress(queue), message, context =>
        {
            context.ResponseAddress = replyTo;
            edge.RequireReceiver(context);
        }, cancellationToken);

    public Task ReplyAsync<T>(Uri address, T message, CancellationToken cancellationToken)
        where T : class =>
        SendAsync(address, message, edge.RequireReceiver, cancellationToken);

    private async Task SendAsync<T>(Uri address, T message, Action<SendContext<T>> prepare, CancellationToken cancellationToken)
        where T : class
    {
        var endpoint = await bus.GetSendEndpoint(address).WaitAsync(Deadlines.Send, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadlines.Send);
        await endpoint.Send(message, prepare, limit.Token).WaitAsync(Deadlines.Send, cancellationToken);
    }
}
