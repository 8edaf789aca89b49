using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace SandQueue.Farm.Tests.Parts;

/// <summary>A message as a trainer gets it.</summary>
/// <param name="Name">What the contract calls it.</param>
/// <param name="CorrelationId">The property.</param>
/// <param name="RoutingKey">Under which it was published.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its JSON; undefined where it is none.</param>
/// <param name="Bytes">The same as it came.</param>
internal sealed record AmqpReceived(string Name, string? CorrelationId, string RoutingKey, IDictionary<string, object?> Headers, JsonElement Body, byte[] Bytes)
{
    public string End => Body.GetProperty("end").GetString()!;

    public string Detail => Body.GetProperty("detail").GetString()!;
}

/// <summary>
/// A trainer that knows nothing but the broker: it publishes commands, and waits for their replies in a queue of its own. It holds whatever comes
/// to the contract, and what it was told of a command to what the contract says of it.
/// </summary>
internal sealed class AmqpTrainer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly SemaphoreSlim _publishing = new(1);
    private readonly ConcurrentDictionary<string, Channel<AmqpReceived>> _replies = new(StringComparer.Ordinal);

    private string? Key { get; init; }
    private string? User { get; init; }

    private AmqpTrainer(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    public string ReplyTo { get; private set; } = "";

    /// <param name="broker">The virtual host.</param>
    /// <param name="direct">Whether replies come by the broker's direct reply-to.</param>
    /// <param name="key">Its API key, where it needs one.</param>
    /// <param name="queue">A name for its queue of replies; null lets the broker give one.</param>
    /// <param name="user">The broker's user that it says it is; null says nothing.</param>
    public static async Task<AmqpTrainer> ConnectAsync(Uri broker, bool direct = false, string? key = null, string? queue = null, string? user = null)
    {
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var trainer = new AmqpTrainer(connection, channel) { Key = key, User = user };
        trainer.ReplyTo = direct ? "amq.rabbitmq.reply-to" : (await channel.QueueDeclareAsync(queue ?? "")).QueueName;
        await trainer.ConsumeAsync(trainer.ReplyTo, "replies", properties => trainer.Of(properties.CorrelationId!));
        return trainer;
    }

    /// <summary>Publishes a command and waits for its reply.</summary>
    public async Task<AmqpReceived> AskAsync(string body, string? id = null, Action<BasicProperties>? change = null)
    {
        var properties = Properties(id ?? Guid.NewGuid().ToString("n"));
        properties.ReplyTo = ReplyTo;
        if (Key is not null) properties.Headers = new Dictionary<string, object?> { ["x-api-key"] = Key };
        if (User is not null) properties.UserId = User;
        change?.Invoke(properties);
        await PublishAsync(body, properties);
        var reply = await NextAsync(properties.CorrelationId!);
        (AmqpContract.IsCommand(body, properties) || reply.Name == "refused").ShouldBeTrue($"executed, and no command by the contract: {body}");
        if (reply.Name == "refused" && reply.Body.GetProperty("reason").GetString() == "invalid_request") AmqpContract.IsCommand(body, properties).ShouldBe(AmqpContract.IsBeyondSchemas(reply.Detail), $"{body}: {reply.Detail}");
        return reply;
    }

    public Task<AmqpReceived> StepAsync(string instance, string move, string id) => AskAsync(
        $$$"""{"command":"step","instance_id":"{{{instance}}}","action":{"role":"assistant","content":"{{{move}}}"}}""", id);

    /// <summary>The next message that came with a correlation id.</summary>
    public Task<AmqpReceived> NextAsync(string correlationId) => Of(correlationId).Reader.ReadAsync().AsTask().WaitAsync(Limit);

    public async Task PublishAsync(string body, BasicProperties properties)
    {
        await _publishing.WaitAsync();
        try
        {
            await _channel.BasicPublishAsync("sandqueue.commands", "anything", mandatory: true, properties, Encoding.UTF8.GetBytes(body));
        }
        finally
        {
            _publishing.Release();
        }
    }

    /// <summary>Listens to an exchange, from now on.</summary>
    public async Task<ChannelReader<AmqpReceived>> ListenAsync(string exchange, string routingKey)
    {
        var queue = (await _channel.QueueDeclareAsync()).QueueName;
        await _channel.QueueBindAsync(queue, exchange, routingKey);
        var received = Channel.CreateUnbounded<AmqpReceived>();
        var channel = (exchange, routingKey.Split('.')) switch
        {
            (not "sandqueue.events", _) => "deadLetters",
            (_, [_, "instance", ..]) => "instances",
            (_, [_, "batch", ..]) => "batches",
            _ => "events",
        };
        await ConsumeAsync(queue, channel, _ => received);
        return received.Reader;
    }

    /// <summary>Binds a queue that refuses all that is published to it.</summary>
    public async Task<string> ListenFullAsync(string exchange, string routingKey)
    {
        var arguments = new Dictionary<string, object?> { ["x-max-length"] = 0, ["x-overflow"] = "reject-publish" };
        var queue = (await _channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, arguments)).QueueName;
        await _channel.QueueBindAsync(queue, exchange, routingKey);
        return queue;
    }

    /// <summary>Messages that wait in a queue.</summary>
    public Task<uint> CountAsync(string queue) => _channel.MessageCountAsync(queue);

    public static BasicProperties Properties(string id) => new() { MessageId = id, CorrelationId = $"for {id}", ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent };

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
        _publishing.Dispose();
    }

    /// <param name="queue">The queue.</param>
    /// <param name="channel">What the contract calls what comes there. What is none of it ends the reader with an error.</param>
    /// <param name="take">Who gets a message.</param>
    private async Task ConsumeAsync(string queue, string channel, Func<IReadOnlyBasicProperties, Channel<AmqpReceived>> take)
    {
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            var (bytes, properties) = (delivery.Body.ToArray(), delivery.BasicProperties);
            var writer = take(properties).Writer;
            if (AmqpContract.Find(channel, bytes, properties) is not { } name) writer.TryComplete(new InvalidOperationException($"no message of '{channel}' in the contract: {Encoding.UTF8.GetString(bytes)}"));
            else writer.TryWrite(new AmqpReceived(name, properties.CorrelationId, delivery.RoutingKey, properties.Headers ?? new Dictionary<string, object?>(), Json(bytes), bytes));
            return Task.CompletedTask;
        };
        await _channel.BasicConsumeAsync(queue, autoAck: true, consumer);
    }

    /// <summary>A dead letter may be anything.</summary>
    private static JsonElement Json(byte[] bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private Channel<AmqpReceived> Of(string correlationId) => _replies.GetOrAdd(correlationId, _ => Channel.CreateUnbounded<AmqpReceived>());
}
