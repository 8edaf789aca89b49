using System.Collections.Concurrent;
using SandQueue.Client.Amqp;

namespace SandQueue.Client;

/// <summary>
/// A client of a farm's broker, which needs the right to write to the exchange <c>sandqueue.commands</c> and no other. A connection that broke is opened again, and what waited there is
/// published again under the same id. Besides what every client can do, it publishes commands that nobody waits for, and listens to events.
/// </summary>
public sealed class SandQueueRabbitMqClient : SandQueueClient
{
    private readonly AmqpBroker _broker;
    private readonly ConcurrentDictionary<EventSubscription, bool> _subscriptions = new();

    internal SandQueueRabbitMqClient(Uri broker, string? apiKey, SandQueueClientOptions? options)
        : this(new AmqpBroker(broker), apiKey, options)
    {
    }

    private SandQueueRabbitMqClient(AmqpBroker broker, string? apiKey, SandQueueClientOptions? options)
        : base(new AmqpTransport(broker, apiKey), options) => _broker = broker;

    /// <summary>Publishes a step and waits until the broker has it. Its end is an event: <see cref="SubscribeAsync"/> first.</summary>
    /// <param name="step">The step.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The step's id, which the event has too.</returns>
    /// <exception cref="SandQueueException">The broker did not take it.</exception>
    public async Task<string> PublishAsync(StepRequest step, CancellationToken cancellationToken = default)
    {
        var command = StepOf(step) with { HasNoReply = true };
        await SendAsync(command, deadline: null, cancellationToken);
        return command.Id!;
    }

    /// <summary>
    /// Subscribes to the ends of a tenant's commands that nobody waits for, and of its instances. The broker's user needs the rights to configure, write and read queues whose names begin with the tenant's
    /// name and a dot, and to read the exchange <c>sandqueue.events</c>.
    /// </summary>
    /// <param name="tenant">Your tenant's name; <c>local</c> where the gateways have no keys.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The subscription, which hears all from now on; dispose it to end it. It ends with the client, too.</returns>
    /// <exception cref="SandQueueException">The broker is not there, or refuses it.</exception>
    public async Task<EventSubscription> SubscribeAsync(string tenant = "local", CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ThrowIfDisposed();
        var events = new AmqpEvents(_broker, tenant, NewBackoff(), Options.TimeProvider);
        try
        {
            await events.OpenAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            // The library's own time-outs are cancellations, too, that nobody asked for.
            cancellationToken.ThrowIfCancellationRequested();
            throw new SandQueueException(AmqpFailures.OfOpening(_broker.Name, exception), null, null);
        }

        var subscription = new EventSubscription(events, ended => _subscriptions.TryRemove(ended, out _));
        _subscriptions.TryAdd(subscription, true);
        return subscription;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        foreach (var subscription in _subscriptions.Keys) await subscription.DisposeAsync();
        await base.DisposeAsync();
    }
}
