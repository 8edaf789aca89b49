using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using SandQueue.Client.Commands;

namespace SandQueue.Client.Amqp;

/// <summary>
/// A connection with the one channel that commands go out by and replies come in by: direct reply-to asks for that. It ends with the connection, and so do
/// the waits for its replies.
/// </summary>
internal sealed class AmqpLink : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<byte[]>> _waiting = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<ShutdownEventArgs> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly string _broker;
    private long _sent;

    /// <summary>Messages of which the broker has said nothing. Those whose wait ended before it did stay among them.</summary>
    private int _unconfirmed;

    internal AmqpLink(IConnection connection, IChannel channel, string broker)
    {
        (_connection, _channel, _broker) = (connection, channel, broker);
        channel.ChannelShutdownAsync += (_, reason) => EndAsync(reason);
    }

    public bool IsOpen => _channel.IsOpen && !_closed.Task.IsCompleted;

    /// <exception cref="BrokerUnreachableException">The broker is not there, or refuses us.</exception>
    /// <exception cref="OperationInterruptedException">It refuses what a trainer needs there.</exception>
    public static async Task<AmqpLink> OpenAsync(AmqpBroker broker, CancellationToken cancellationToken)
    {
        var connection = await broker.OpenAsync(cancellationToken);
        try
        {
            // The broker holds back what comes too fast.
            var channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null), cancellationToken);
            var link = new AmqpLink(connection, channel, broker.Name);
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, delivery) => link.TakeAsync(delivery);
            consumer.UnregisteredAsync += (_, _) => link.EndAsync(new ShutdownEventArgs(ShutdownInitiator.Peer, Constants.ConnectionForced, "no replies come by it any more"));
            await channel.BasicConsumeAsync(AmqpNames.DirectReplyTo, autoAck: true, consumer, cancellationToken);
            return link;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Publishes a command that nobody waits for, and waits until the broker has it.</summary>
    /// <returns>Why it was not taken; null where it was.</returns>
    public async Task<Refusal?> PublishAsync(BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (!IsOpen) return Refusal.Unreachable($"{_broker}: the connection was closed");
        Interlocked.Increment(ref _unconfirmed);
        try
        {
            await _channel.BasicPublishAsync(AmqpNames.Commands, routingKey: "command", mandatory: true, properties, body, cancellationToken);
            Interlocked.Decrement(ref _unconfirmed);
            return null;
        }
        catch (PublishException exception)
        {
            Interlocked.Decrement(ref _unconfirmed);
            return AmqpFailures.OfPublishing(_broker, exception);
        }
        catch (Exception exception) when (exception is OperationInterruptedException or IOException or ObjectDisposedException or ChannelClosedException)
        {
            // Only where there is no other can it be this one that the broker did not want.
            return exception is OperationInterruptedException { ShutdownReason: { } reason } && AmqpFailures.IsOfPublishing(reason) && Volatile.Read(ref _unconfirmed) == 1
                ? AmqpFailures.OfRefusing(_broker, reason)
                : AmqpFailures.OfClosing(_broker, (exception as OperationInterruptedException)?.ShutdownReason);
        }
    }

    /// <summary>Publishes a command and waits for its reply.</summary>
    /// <returns>The reply's bytes, or why there is none.</returns>
    public async Task<(byte[] Reply, Refusal? Refusal)> AskAsync(BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        // An attempt of its own: what comes late for an earlier one is not taken for this one's.
        var attempt = Interlocked.Increment(ref _sent).ToString(CultureInfo.InvariantCulture);
        (properties.CorrelationId, properties.ReplyTo) = (attempt, AmqpNames.DirectReplyTo);
        var reply = _waiting.GetOrAdd(attempt, _ => new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            // The reply may overtake the broker's confirmation.
            var publishing = PublishAsync(properties, body, cancellationToken);
            await Task.WhenAny(reply.Task, publishing);
            if (!reply.Task.IsCompleted && await publishing is { } refusal) return ([], refusal);
            await Task.WhenAny(reply.Task, _closed.Task).WaitAsync(cancellationToken);
            return reply.Task.IsCompleted ? (await reply.Task, null) : ([], AmqpFailures.OfClosing(_broker, await _closed.Task));
        }
        finally
        {
            _waiting.TryRemove(attempt, out _);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private Task EndAsync(ShutdownEventArgs reason)
    {
        _closed.TrySetResult(reason);
        return Task.CompletedTask;
    }

    private Task TakeAsync(BasicDeliverEventArgs delivery)
    {
        if (delivery.BasicProperties.CorrelationId is { } attempt && _waiting.TryGetValue(attempt, out var reply)) reply.TrySetResult(delivery.Body.ToArray());
        return Task.CompletedTask;
    }
}
