using MassTransit;
using SandQueue.Transport.Brokers;

namespace SandQueue.Transport.Sending;

/// <summary>Sends over the bus.</summary>
internal sealed class MessageSender(IBus bus, ITransportEdge edge, SendLog log, TimeProvider time) : IMessageSender
{
    public Task SendSharedAsync<T>(string queue, T message, Uri? replyTo, TimeSpan lifetime, CancellationToken cancellationToken)
        where T : class =>
        SendAsync(edge.SharedAddress(queue), queue, message, context =>
        {
            context.ResponseAddress = replyTo;
            context.TimeToLive = lifetime;
        }, cancellationToken);

    public Task SendOwnAsync<T>(string queue, T message, Uri? replyTo, CancellationToken cancellationToken)
        where T : class
    {
        var address = edge.OwnAddress(queue);
        return SendAsync(address, queue, message, context =>
        {
            context.ResponseAddress = replyTo;
            edge.RequireReceiver(context, address);
        }, cancellationToken);
    }

    public Task ReplyAsync<T>(Uri address, T message, CancellationToken cancellationToken)
        where T : class =>
        SendAsync(address, Name(address), message, context => edge.RequireReceiver(context, address), cancellationToken);

    private async Task SendAsync<T>(Uri address, string queue, T message, Action<SendContext<T>> prepare, CancellationToken cancellationToken)
        where T : class
    {
        log.Enter();
        using var deadline = new CancellationTokenSource(Deadlines.Send, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            // MassTransit does not look at the token everywhere it waits.
            var endpoint = await bus.GetSendEndpoint(address).WaitAsync(limit.Token);
            await endpoint.Send(message, prepare, limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException exception)
        {
            throw new MessageNotSentException($"a message to {queue} was not confirmed within {Deadlines.Send.TotalSeconds} s", exception);
        }
        catch (MessageReturnedException exception)
        {
            log.Returned(queue);
            throw new QueueGoneException(queue, exception);
        }
        catch (Exception exception) when (exception is not MessageTooLargeException)
        {
            // A broker that is away says so in many ways: the library's own exceptions, and bare ones of sockets and of name resolution.
            throw new MessageNotSentException($"a message to {queue} was not sent: {exception.GetBaseException().Message}", exception);
        }
    }

    /// <summary>For people: the queue that a reply address leads to.</summary>
    private static string Name(Uri address) => address.Fragment is { Length: > 1 } key ? Uri.UnescapeDataString(key[1..]) : address.AbsolutePath;
}
