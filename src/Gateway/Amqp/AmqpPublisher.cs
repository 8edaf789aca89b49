using System.Diagnostics;
using System.Globalization;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using SandQueue.Contracts;
using SandQueue.Gateway.Amqp.Events;
using SandQueue.Gateway.Http;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Amqp;

/// <summary>Publishes what comes of commands. Each publish is confirmed by the broker before the command's message is acknowledged.</summary>
internal sealed partial class AmqpPublisher(IChannel channel, AmqpMetrics metrics, TimeProvider time, ILogger<AmqpDoor> log)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Sends a reply to whoever waits for it. One that waits no more is a line in the log: the end is in the journal.</summary>
    public async Task ReplyAsync(AmqpMessage message, byte[] answer, CancellationToken cancellationToken)
    {
        var properties = Properties(message.CorrelationId ?? message.MessageId);
        if (Activity.Current is { Recorded: true, Id: { } trace }) properties.Headers = new Dictionary<string, object?> { [AmqpNames.TraceParent] = Encoding.UTF8.GetBytes(trace) };
        try
        {
            await PublishAsync(exchange: "", message.ReplyTo!, properties, answer, mandatory: true, cancellationToken);
        }
        catch (PublishException exception) when (exception.IsReturn)
        {
            metrics.Returned();
            NobodyWaits(message.Name, OneLine.Of(message.ReplyTo!));
        }
    }

    /// <summary>Tells those who listen how a command ended that nobody waits for.</summary>
    public Task AnnounceAsync(Command command, CommandOutcome outcome, byte[] answer, CancellationToken cancellationToken) =>
        AnnounceAsync($"{Word(command.Tenant)}.{AmqpAnswer.Name(command)}.{OutcomeNames.End(outcome)}", Properties(command.CommandId), answer, cancellationToken);

    /// <summary>Tells those who listen that an instance has ended, and how.</summary>
    public Task AnnounceAsync(EndedInstance ended, CancellationToken cancellationToken)
    {
        var properties = Properties(correlationId: null);

        // The same where it is announced again, so that who listens can tell.
        properties.MessageId = $"instance-{ended.EpisodeId}";
        return AnnounceAsync($"{Word(ended.Tenant)}.instance.{InstanceEvent.Name(ended)}", properties, AmqpAnswer.Of(InstanceEvent.Of(ended)), cancellationToken);
    }

    /// <summary>Tells those who listen that a batch closed or was paused.</summary>
    public Task AnnounceAsync(Batch batch, byte[] body, CancellationToken cancellationToken)
    {
        var properties = Properties(correlationId: null);
        var what = batch.ClosedAt is null ? "paused" : "closed";

        // The same where it is announced again, and another where it closes once more after a retry.
        properties.MessageId = string.Create(CultureInfo.InvariantCulture, $"batch-{batch.Id}-{what}-{batch.ClosedAt ?? 0}");
        return AnnounceAsync($"{Word(batch.Tenant)}.batch.{what}", properties, body, cancellationToken);
    }

    /// <summary>Moves a message to a queue of ours as it is, to be executed from there.</summary>
    /// <returns>False where the queue is full.</returns>
    public async Task<bool> TryMoveAsync(AmqpMessage message, string queue, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties
        {
            MessageId = message.MessageId,
            CorrelationId = message.CorrelationId,
            ReplyTo = message.ReplyTo,
            ContentType = message.ContentType,
            Expiration = message.Expiration,
            DeliveryMode = DeliveryModes.Persistent,
            Headers = new Dictionary<string, object?>(),
        };
        if (message.ApiKey is { } key) properties.Headers.Add(AmqpNames.ApiKey, Encoding.UTF8.GetBytes(key));
        if (message.UserId is { } user) properties.Headers.Add(AmqpNames.User, Encoding.UTF8.GetBytes(user));
        if (message.TraceParent is { } parent) properties.Headers.Add(AmqpNames.TraceParent, Encoding.UTF8.GetBytes(parent));
        try
        {
            await PublishAsync(exchange: "", queue, properties, message.Body, mandatory: true, cancellationToken);
            metrics.Moved();
            return true;
        }
        catch (PublishException exception) when (!exception.IsReturn)
        {
            return false;
        }
    }

    /// <summary>Puts a message aside that nobody can be answered for.</summary>
    /// <param name="message">The message.</param>
    /// <param name="why">The same in a word, to be counted.</param>
    /// <param name="reason">Why, one line for people.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public Task PutAsideAsync(AmqpMessage message, string why, string reason, CancellationToken cancellationToken)
    {
        metrics.PutAside(why);
        PutAside(message.Name, OneLine.Of(reason));
        var properties = Properties(message.CorrelationId);
        (properties.MessageId, properties.ContentType) = (message.MessageId, message.ContentType);
        properties.Headers = new Dictionary<string, object?> { [AmqpNames.Reason] = Encoding.UTF8.GetBytes(OneLine.Of(reason)) };
        return PublishAsync(AmqpNames.DeadLetters, routingKey: "", properties, MaskedKeys.Of(message.Body), mandatory: false, cancellationToken);
    }

    /// <summary>A dot would begin another word of the key.</summary>
    private static string Word(string tenant) => tenant.Replace('.', '_');

    private static BasicProperties Properties(string? correlationId) =>
        new() { ContentType = JsonAnswer.ContentType, CorrelationId = correlationId, DeliveryMode = DeliveryModes.Persistent };

    /// <summary>
    /// The broker refuses an event that one of the queues which listen does not take, because it is full. That is no failure of what is announced, which
    /// the journal has: else one listener could stop all the others.
    /// </summary>
    private async Task AnnounceAsync(string key, BasicProperties properties, byte[] body, CancellationToken cancellationToken)
    {
        try
        {
            await PublishAsync(AmqpNames.Events, key, properties, body, mandatory: false, cancellationToken);
        }
        catch (PublishException)
        {
            metrics.EventRefused();
            EventRefused(key);
        }
    }

    private async Task PublishAsync(string exchange, string routingKey, BasicProperties properties, byte[] body, bool mandatory, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        await channel.BasicPublishAsync(exchange, routingKey, mandatory, properties, body, either.Token);
    }

    [LoggerMessage(LogLevel.Information, "the reply of command {CommandId} came back: nobody waits in queue '{Queue}'")]
    private partial void NobodyWaits(string commandId, string queue);

    [LoggerMessage(LogLevel.Warning, "event '{Key}' was not taken by all queues that listen: one of them is full")]
    private partial void EventRefused(string key);

    [LoggerMessage(LogLevel.Warning, "message {MessageId} went to the dead letters: {Reason}")]
    private partial void PutAside(string messageId, string reason);
}
