using SandQueue.Client.Amqp;
using SandQueue.Client.Commands;

namespace SandQueue.Client;

/// <summary>
/// A client of a farm's broker, which needs the right to write to the exchange <c>sandqueue.commands</c> and no other. A connection that broke is opened again, and what waited there is
/// published again under the same id. Besides what every client can do, it publishes commands that nobody waits for, and listens to events.
/// </summary>
public sealed class SandQueueRabbitMqClient : SandQueueClient
{
    private readonly AmqpBroker _broker;
    private readonly AmqpTransport _transport;
    private readonly SandQueueClientOptions _options;
    private readonly Resending.Resend _publishing;

    internal SandQueueRabbitMqClient(Uri broker, string? apiKey, SandQueueClientOptions? options)
        : this(new AmqpBroker(broker), apiKey, options ?? new SandQueueClientOptions())
    {
    }

    private SandQueueRabbitMqClient(AmqpBroker broker, string? apiKey, SandQueueClientOptions options)
        : this(broker, new AmqpTransport(broker, apiKey), options)
    {
    }

    private SandQueueRabbitMqClient(AmqpBroker broker, AmqpTransport transport, SandQueueClientOptions options)
        : base(transport, options)
    {
        (_broker, _transport, _options) = (broker, transport, options);
        _publishing = new Resending.Resend(new Publishing(transport), NewBackoff(), options.AttemptTimeout, options.TimeProvider);
    }

    /// <summary>Publishes a step and waits until the broker has it. Its end is an event: <see cref="SubscribeAsync"/> first.</summary>
    /// <param name="step">The step.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The step's id, which the event has too.</returns>
    /// <exception cref="SandQueueException">The broker did not take it.</exception>
    public async Task<string> PublishAsync(StepRequest step, CancellationToken cancellationToken = default)
    {
        var command = StepOf(step);
        AnswerOf(await _publishing.SendAsync(command, _options.Deadline, cancellationToken), command);
        return command.Id!;
    }

    /// <summary>
    /// Subscribes to the ends of a tenant's commands that nobody waits for, and of its instances. The broker's user needs the rights to configure, write and read queues whose names begin with the tenant's
    /// name and a dot, and to read the exchange <c>sandqueue.events</c>.
    /// </summary>
    /// <param name="tenant">Your tenant's name; <c>local</c> where the gateways have no keys.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The subscription, which hears all from now on; dispose it to end it.</returns>
    /// <exception cref="SandQueueException">The broker is not there, or refuses it.</exception>
    public async Task<EventSubscription> SubscribeAsync(string tenant = "local", CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        var events = new AmqpEvents(_broker, tenant, NewBackoff(), _options.TimeProvider);
        try
        {
            await events.OpenAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new SandQueueException(AmqpFailures.OfOpening(_broker.Name, exception), null, null);
        }

        return new EventSubscription(events);
    }

    /// <summary>The same connection, for commands that nobody waits for.</summary>
    private sealed class Publishing(AmqpTransport transport) : ITransport
    {
        public Task<Reply> SendAsync(Command command, TimeSpan time, CancellationToken cancellationToken) => transport.PublishAsync(command, time, cancellationToken);

        public Task<IReadOnlyList<Reply>> StepManyAsync(IReadOnlyList<Step> steps, TimeSpan time, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
