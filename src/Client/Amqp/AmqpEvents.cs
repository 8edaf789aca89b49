using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using SandQueue.Client.Resending;

namespace SandQueue.Client.Amqp;

/// <summary>
/// A tenant's events: the ends of its commands that came without <c>reply_to</c>, and of its instances. They wait in a queue that outlives a connection by ten minutes: what came meanwhile is
/// there when it is opened again, and what was not acknowledged comes once more.
/// </summary>
/// <param name="broker">The broker.</param>
/// <param name="tenant">The tenant's name. That of the queue begins with it, as the rights of a trainer's user ask for.</param>
/// <param name="backoff">How long it waits before it opens another connection.</param>
/// <param name="time">The clock.</param>
internal sealed class AmqpEvents(AmqpBroker broker, string tenant, Backoff backoff, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long the queue stays without us, in ms.</summary>
    private const int ExpiresAfter = 600_000;

    private const ushort Prefetch = 256;

    private readonly string _queue = $"{tenant}.events-{Guid.CreateVersion7():n}";
    private readonly SemaphoreSlim _reading = new(1);
    private IConnection? _connection;
    private IChannel? _channel;
    private ChannelReader<(ulong Tag, byte[] Body)>? _deliveries;

    /// <summary>The broker's name.</summary>
    public string Broker => broker.Name;

    /// <summary>Binds the queue, and waits until it is bound.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await broker.OpenAsync(cancellationToken);
        try
        {
            var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await channel.QueueDeclareAsync(_queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-expires"] = ExpiresAfter }, cancellationToken: cancellationToken);

            // A dot would be another word of the key.
            await channel.QueueBindAsync(_queue, AmqpNames.Events, $"{tenant.Replace('.', '_')}.#", cancellationToken: cancellationToken);
            await channel.BasicQosAsync(prefetchSize: 0, Prefetch, global: false, cancellationToken);
            var deliveries = Channel.CreateUnbounded<(ulong, byte[])>();
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, delivery) => deliveries.Writer.WriteAsync((delivery.DeliveryTag, delivery.Body.ToArray())).AsTask();
            channel.ChannelShutdownAsync += (_, _) => Task.FromResult(deliveries.Writer.TryComplete());
            await channel.BasicConsumeAsync(_queue, autoAck: false, consumer, cancellationToken);
            (_connection, _channel, _deliveries) = (connection, channel, deliveries.Reader);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads events as they come, until the caller has enough. One is acknowledged when the next is asked for.</summary>
    public async IAsyncEnumerable<JsonElement> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await _reading.WaitAsync(0, cancellationToken)) throw new InvalidOperationException("these events are read by somebody else already; subscribe once more");
        try
        {
            while (true)
            {
                // What is left of a broken connection was not acknowledged, and comes again by the next.
                while (_channel!.IsOpen && await _deliveries!.WaitToReadAsync(cancellationToken))
                {
                    while (_channel.IsOpen && _deliveries.TryRead(out var delivery))
                    {
                        if (Parse(delivery.Body) is { } read) yield return read;
                        await AcknowledgeAsync(delivery.Tag, cancellationToken);
                    }
                }

                await ReopenAsync(cancellationToken);
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is { IsOpen: true } channel)
        {
            try
            {
                await channel.QueueDeleteAsync(_queue);
            }
            catch (Exception)
            {
                // It expires.
            }
        }

        if (_connection is not null) await _connection.DisposeAsync();
        _reading.Dispose();
    }

    private async Task AcknowledgeAsync(ulong tag, CancellationToken cancellationToken)
    {
        try
        {
            await _channel!.BasicAckAsync(tag, multiple: false, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested && !_channel!.IsOpen)
        {
            // It comes again.
        }
    }

    private async Task ReopenAsync(CancellationToken cancellationToken)
    {
        await _connection!.DisposeAsync();
        for (var failures = 1; ; failures++)
        {
            try
            {
                await OpenAsync(cancellationToken);
                return;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && AmqpFailures.OfOpening(broker.Name, exception).Code == Commands.Codes.Unreachable)
            {
                await Task.Delay(backoff.After(failures, asked: null), time, cancellationToken);
            }
        }
    }

    /// <returns>Null for what is no event: there is nothing that a trainer could do about it.</returns>
    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            return JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
