using MassTransit;
using SandQueue.Transport.Bodies;
using SandQueue.Transport.Brokers;
using SandQueue.Transport.Receiving;

namespace SandQueue.Transport.Sending;

/// <summary>Sends over the bus, or straight to a consumer of this process.</summary>
internal sealed class MessageSender(IBus bus, ITransportEdge edge, OwnQueues local, SendLog log, TimeProvider time) : IMessageSender
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
        if (local.TryFind<T>(queue, out var here)) return HandOverAsync(here, message, replyTo, queue, cancellationToken);
        var address = edge.OwnAddress(queue);
        return SendAsync(address, queue, message, context =>
        {
            context.ResponseAddress = replyTo;
            edge.RequireReceiver(context, address);
        }, cancellationToken);
    }

    public Task ReplyAsync<T>(Uri address, T message, CancellationToken cancellationToken)
        where T : class =>
        local.TryFind<T>(address.OriginalString, out var here)
            ? HandOverAsync(here, message, replyTo: null, Name(address), cancellationToken)
            : SendAsync(address, Name(address), message, context => edge.RequireReceiver(context, address), cancellationToken);

    public bool TryHandOver<TItem, T>(string destination, TItem item, Func<TItem, T> message, Uri? replyTo)
        where T : class
    {
        if (!local.TryFind<T>(destination, out var here)) return false;
        _ = HandOverAsync(here, message(item), replyTo, destination, CancellationToken.None);
        return true;
    }

    /// <summary>As over the bus, what a consumer does with a message is not its sender's matter.</summary>
    private async Task HandOverAsync<T>(IReceiver<T> receiver, T message, Uri? replyTo, string queue, CancellationToken cancellationToken)
        where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await receiver.ReceiveAsync(message, replyTo, CancellationToken.None);
        }
        catch (Exception exception)
        {
            log.NotConsumed(queue, exception);
        }
    }

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
            await endpoint.Send(message, context =>
            {
                BinarySerializer.Use(context);
                prepare(context);
            }, limit.Token).WaitAsync(limit.Token);
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
