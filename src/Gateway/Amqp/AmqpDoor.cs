using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using SandQueue.Gateway.Settings;
using SandQueue.Transport.RabbitMq;

namespace SandQueue.Gateway.Amqp;

/// <summary>
/// The door for trainers that speak AMQP: consumes the commands' queue, which all gateways compete for. A message is acknowledged once the
/// broker has the command's reply, so that a gateway that dies leaves its messages to others; the command id keeps them from taking effect twice.
/// </summary>
internal sealed partial class AmqpDoor(BrokerConnections broker, AmqpExecution commands, IOptions<GatewayOptions> options, TimeProvider time, ILogger<AmqpDoor> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long a message is held before it is tried again: at once, its deliveries would be used up within milliseconds.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(2);

    /// <summary>Below the half hour after which the broker closes the channel of a consumer that holds a message.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(10);

    /// <summary>Commands that were cancelled end at once.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ServeAsync(stoppingToken);
                if (!stoppingToken.IsCancellationRequested) Closed("the connection has ended");
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it was: a door that stays closed is worse than another try.
                Closed(exception.GetBaseException().Message);
            }

            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Serves until the connection ends.</summary>
    private async Task ServeAsync(CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await using var connection = await broker.OpenAsync(stopping);
        connection.ConnectionShutdownAsync += async (_, _) => await over.CancelAsync();
        await using var consuming = await connection.CreateChannelAsync(cancellationToken: stopping);
        await using var publishing = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), stopping);
        foreach (var channel in (IChannel[])[consuming, publishing]) channel.ChannelShutdownAsync += async (_, _) => await over.CancelAsync();
        await AmqpTopology.DeclareAsync(consuming, stopping);

        await consuming.BasicQosAsync(prefetchSize: 0, options.Value.AmqpPrefetch, global: false, stopping);
        var publisher = new AmqpPublisher(publishing, time, log);
        var running = new ConcurrentDictionary<ulong, Task>();
        var consumer = new AsyncEventingBasicConsumer(consuming);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            // Not awaited: the commands of a connection run side by side, as many as are prefetched.
            var run = RunAsync(AmqpMessage.Of(delivery, options.Value.MaxBodyBytes), consuming, publisher, over.Token);
            running[delivery.DeliveryTag] = run;
            _ = run.ContinueWith(_ => running.TryRemove(delivery.DeliveryTag, out Task? _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return Task.CompletedTask;
        };
        consumer.UnregisteredAsync += async (_, _) => await over.CancelAsync();
        await consuming.BasicConsumeAsync(AmqpNames.Commands, autoAck: false, consumer, stopping);
        Open(AmqpNames.Commands);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(running.Values).WaitAsync(EndLimit, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Nothing here throws: what ends without an acknowledgement is delivered again, to this gateway or another.</summary>
    private async Task RunAsync(AmqpMessage message, IChannel channel, AmqpPublisher publisher, CancellationToken cancellationToken)
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
            Failed(message.MessageId ?? "without an id", exception);
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
            NotReturned(message.MessageId ?? "without an id", exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "commands are taken from queue {Queue} of the broker")]
    private partial void Open(string queue);

    [LoggerMessage(LogLevel.Warning, "the door for AMQP is closed, and is opened again: {Reason}")]
    private partial void Closed(string reason);

    [LoggerMessage(LogLevel.Error, "the command in message {MessageId} failed; the broker delivers it again, a few times at most")]
    private partial void Failed(string messageId, Exception failure);

    [LoggerMessage(LogLevel.Warning, "message {MessageId} could not be given back to the broker, which does that once the connection has ended: {Reason}")]
    private partial void NotReturned(string messageId, string reason);
}
