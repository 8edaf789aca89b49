using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using SandQueue.Gateway.Amqp.Events;
using SandQueue.Gateway.Amqp.Sharing;
using SandQueue.Gateway.Settings;
using SandQueue.Transport.RabbitMq;

namespace SandQueue.Gateway.Amqp;

/// <summary>
/// The door for trainers that speak AMQP: consumes the commands' queue and those of commands that wait, which all gateways compete for. A message is
/// acknowledged once the broker has the command's reply, so that a gateway that dies leaves its messages to others; the command id keeps them from
/// taking effect twice.
/// </summary>
internal sealed partial class AmqpDoor(BrokerConnections broker, AmqpDelivery deliveries, TenantShares shares, InstanceEvents events, BatchEvents batches, AmqpMetrics metrics, IOptions<GatewayOptions> options, TimeProvider time, ILogger<AmqpDoor> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

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

        var publisher = new AmqpPublisher(publishing, metrics, time, log);
        var running = new ConcurrentDictionary<ulong, Task>();
        var consumer = new AsyncEventingBasicConsumer(consuming);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            // Not awaited: the commands of a connection run side by side, as many as are prefetched.
            var run = deliveries.RunAsync(AmqpMessage.Of(delivery, options.Value.MaxBodyBytes), consuming, publisher, over.Token);
            running[delivery.DeliveryTag] = run;
            _ = run.ContinueWith(_ => running.TryRemove(delivery.DeliveryTag, out Task? _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return Task.CompletedTask;
        };
        consumer.UnregisteredAsync += async (_, _) => await over.CancelAsync();
        foreach (var queue in WaitingQueues.All) await ConsumeAsync(consuming, queue, options.Value.AmqpTenantShare, consumer, stopping);
        await ConsumeAsync(consuming, AmqpNames.Commands, options.Value.AmqpPrefetch, consumer, stopping);
        Open(AmqpNames.Commands);
        Task[] beside = [LookAfterMovedAsync(consuming, over.Token), events.RunAsync(publisher.AnnounceAsync, over.Token), batches.RunAsync(publisher.AnnounceAsync, over.Token)];
        try
        {
            // Both end with the connection. Where one fails before it, the door is opened again.
            await await Task.WhenAny(beside);
        }
        catch (Exception) when (over.IsCancellationRequested)
        {
            // The connection's end is no failure of theirs.
        }
        finally
        {
            await over.CancelAsync();
        }

        await Task.WhenAll([.. running.Values, .. beside]).WaitAsync(EndLimit, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Takes from a queue so many messages at once.</summary>
    private static async Task ConsumeAsync(IChannel channel, string queue, ushort prefetch, AsyncEventingBasicConsumer consumer, CancellationToken cancellationToken)
    {
        // Counts for the consumers that begin after it, each alone.
        await channel.BasicQosAsync(prefetchSize: 0, prefetch, global: false, cancellationToken);
        await channel.BasicConsumeAsync(queue, autoAck: false, queue, consumer, cancellationToken);
    }

    /// <summary>Looks now and then whether what was moved has been taken, until the connection ends.</summary>
    private async Task LookAfterMovedAsync(IChannel channel, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var queue in shares.Moved)
            {
                if (cancellationToken.IsCancellationRequested) return;
                if (await channel.MessageCountAsync(queue, cancellationToken) == 0) shares.Emptied(queue);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "commands are taken from queue {Queue} of the broker")]
    private partial void Open(string queue);

    [LoggerMessage(LogLevel.Warning, "the door for AMQP is closed, and is opened again: {Reason}")]
    private partial void Closed(string reason);
}
