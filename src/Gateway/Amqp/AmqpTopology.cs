using RabbitMQ.Client;
using SandQueue.Gateway.Amqp.Sharing;

namespace SandQueue.Gateway.Amqp;

/// <summary>Declares the exchanges and queues of the door. Every gateway does, with the same arguments.</summary>
internal static class AmqpTopology
{
    /// <summary>A message that ended so many consumers is a dead letter.</summary>
    private const int DeliveryLimit = 5;

    /// <summary>Commands that wait; a publisher is refused above it rather than that the broker's memory is full.</summary>
    private const int LongestQueue = 100_000;

    /// <summary>The same in bytes: a full disk of the broker's would stop the whole farm.</summary>
    private const long LargestQueue = 1L << 30;

    /// <summary>Dead letters that are kept, the newest.</summary>
    private const int KeptDeadLetters = 10_000;

    private const long LargestDeadLetters = 256L << 20;

    public static async Task DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(AmqpNames.DeadLetters, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(
            AmqpNames.DeadLetters, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-max-length"] = KeptDeadLetters, ["x-max-length-bytes"] = LargestDeadLetters }, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(AmqpNames.DeadLetters, AmqpNames.DeadLetters, routingKey: "", cancellationToken: cancellationToken);
        foreach (var queue in WaitingQueues.All)
        {
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, QueueArguments, cancellationToken: cancellationToken);
        }

        await channel.ExchangeDeclareAsync(AmqpNames.Events, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(AmqpNames.Commands, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(AmqpNames.Commands, durable: true, exclusive: false, autoDelete: false, QueueArguments, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(AmqpNames.Commands, AmqpNames.Commands, routingKey: "#", cancellationToken: cancellationToken);
    }

    private static Dictionary<string, object?> QueueArguments => new()
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = DeliveryLimit,
        ["x-max-length"] = LongestQueue,
        ["x-max-length-bytes"] = LargestQueue,
        ["x-overflow"] = "reject-publish",
        ["x-dead-letter-exchange"] = AmqpNames.DeadLetters,
    };
}
