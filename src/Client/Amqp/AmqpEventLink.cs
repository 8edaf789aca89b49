using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace SandQueue.Client.Amqp;

/// <summary>A connection by which a queue of events is heard, until it breaks or the broker takes the queue away.</summary>
internal sealed class AmqpEventLink : IAsyncDisposable
{
    /// <summary>How long the queue stays without us, in ms.</summary>
    private const int ExpiresAfter = 600_000;

    private const ushort Prefetch = 256;

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly string _queue;
    private readonly Channel<(ulong Tag, byte[] Body)> _deliveries = Channel.CreateUnbounded<(ulong, byte[])>();

    private AmqpEventLink(IConnection connection, IChannel channel, string queue) => (_connection, _channel, _queue) = (connection, channel, queue);

    private bool IsOpen => _channel.IsOpen;

    /// <summary>Binds the queue, and waits until it is bound.</summary>
    public static async Task<AmqpEventLink> OpenAsync(AmqpBroker broker, string queue, string tenant, CancellationToken cancellationToken)
    {
        var connection = await broker.OpenAsync(cancellationToken);
        try
        {
            var link = new AmqpEventLink(connection, await connection.CreateChannelAsync(cancellationToken: cancellationToken), queue);
            await link.ConsumeAsync(tenant, cancellationToken);
            return link;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <returns>Null where no more come by this connection. What is left of a broken one was not acknowledged, and comes again by the next.</returns>
    public async Task<(ulong Tag, byte[] Body)?> NextAsync(CancellationToken cancellationToken)
    {
        while (IsOpen && await _deliveries.Reader.WaitToReadAsync(cancellationToken))
        {
            if (IsOpen && _deliveries.Reader.TryRead(out var delivery)) return delivery;
        }

        return null;
    }

    public async Task AcknowledgeAsync(ulong tag, CancellationToken cancellationToken)
    {
        try
        {
            await _channel.BasicAckAsync(tag, multiple: false, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested && !IsOpen)
        {
            // It comes again.
        }
    }

    /// <summary>Removes the queue.</summary>
    public async Task DeleteAsync()
    {
        try
        {
            if (IsOpen) await _channel.QueueDeleteAsync(_queue);
        }
        catch (Exception)
        {
            // It expires.
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task ConsumeAsync(string tenant, CancellationToken cancellationToken)
    {
        await _channel.QueueDeclareAsync(_queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-expires"] = ExpiresAfter }, cancellationToken: cancellationToken);

        // A dot would be another word of the key.
        await _channel.QueueBindAsync(_queue, AmqpNames.Events, $"{tenant.Replace('.', '_')}.#", cancellationToken: cancellationToken);
        await _channel.BasicQosAsync(prefetchSize: 0, Prefetch, global: false, cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += (_, delivery) => _deliveries.Writer.WriteAsync((delivery.DeliveryTag, delivery.Body.ToArray())).AsTask();

        // The broker may take the queue away and leave the channel: it was deleted, or its node is gone.
        consumer.UnregisteredAsync += (_, _) => Task.FromResult(_deliveries.Writer.TryComplete());
        _channel.ChannelShutdownAsync += (_, _) => Task.FromResult(_deliveries.Writer.TryComplete());
        await _channel.BasicConsumeAsync(_queue, autoAck: false, consumer, cancellationToken);
    }
}
