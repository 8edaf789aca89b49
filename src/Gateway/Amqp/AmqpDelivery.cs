using RabbitMQ.Client;

namespace SandQueue.Gateway.Amqp;

/// <summary>Takes a message from its delivery to its acknowledgement, or gives it back.</summary>
internal sealed partial class AmqpDelivery(AmqpExecution commands, TimeProvider time, ILogger<AmqpDelivery> log)
{
    /// <summary>How long a message is held before it is tried again: at once, its deliveries would be used up within milliseconds.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(2);

    /// <summary>Below the half hour after which the broker closes the channel of a consumer that holds a message.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(10);

    /// <summary>Nothing here throws: what ends without an acknowledgement is delivered again, to this gateway or another.</summary>
    public async Task RunAsync(AmqpMessage message, IChannel channel, AmqpPublisher publisher, CancellationToken cancellationToken)
    {
        try
        {
            // What the database could not say is asked again here: given back, the message's deliveries would be used up by an outage.
            var taken = time.GetTimestamp();
            while (!await commands.ExecuteAsync(message, publisher, cancellationToken))
            {
                if (time.GetElapsedTime(taken) > LongestHold) throw new TimeoutException($"the database did not say how it ended within {LongestHold.TotalMinutes:0} minutes");
                await Task.Delay(Hold, time, cancellationToken);
            }

            await channel.BasicAckAsync(message.Tag, multiple: false, cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested || !channel.IsOpen)
        {
            // The broker delivers it again.
        }
        catch (Exception exception)
        {
            Failed(message.Name, exception);
            await ReturnAsync(message, channel, cancellationToken);
        }
    }

    private async Task ReturnAsync(AmqpMessage message, IChannel channel, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Hold, time, cancellationToken);

            // Newer brokers count this, and not a negative acknowledgement, against the message's deliveries.
            await channel.BasicRejectAsync(message.Tag, requeue: true, cancellationToken);
        }
        catch (Exception exception)
        {
            NotReturned(message.Name, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "the command in message {MessageId} failed; the broker delivers it again, a few times at most")]
    private partial void Failed(string messageId, Exception failure);

    [LoggerMessage(LogLevel.Warning, "message {MessageId} could not be given back to the broker, which does that once the connection has ended: {Reason}")]
    private partial void NotReturned(string messageId, string reason);
}
