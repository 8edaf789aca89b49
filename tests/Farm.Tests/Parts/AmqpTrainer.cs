using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace SandQueue.Farm.Tests.Parts;

/// <summary>A message as a trainer gets it.</summary>
internal sealed record AmqpReceived(string? CorrelationId, string RoutingKey, IDictionary<string, object?> Headers, JsonElement Body, byte[] Bytes)
{
    public string End => Body.GetProperty("end").GetString()!;

    public string Detail => Body.GetProperty("detail").GetString()!;
}

/// <summary>A trainer that knows nothing but the broker: it publishes commands, and waits for their replies in a queue of its own.</summary>
internal sealed class AmqpTrainer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly SemaphoreSlim _publishing = new(1);
    private readonly ConcurrentDictionary<string, Channel<AmqpReceived>> _replies = new(StringComparer.Ordinal);

    private AmqpTrainer(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    public string ReplyTo { get; private set; } = "";

    /// <param name="broker">The virtual host.</param>
    /// <param name="direct">Whether replies come by the broker's direct reply-to.</param>
    public static async Task<AmqpTrainer> ConnectAsync(Uri broker, bool direct = false)
    {
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var trainer = new AmqpTrainer(connection, channel);
        trainer.ReplyTo = direct ? "amq.rabbitmq.reply-to" : (await channel.QueueDeclareAsync()).QueueName;
        await trainer.ConsumeAsync(trainer.ReplyTo, received => trainer.Of(received.CorrelationId!).Writer.TryWrite(received));
        return trainer;
    }

    /// <summary>Publishes a command and waits for its reply.</summary>
    public async Task<AmqpReceived> AskAsync(string body, string? id = null, Action<BasicProperties>? change = null)
    {
        var properties = Properties(id ?? Guid.NewGuid().ToString("n"));
        properties.ReplyTo = ReplyTo;
        change?.Invoke(properties);
        await PublishAsync(body, properties);
        return await NextAsync(properties.CorrelationId!);
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
        await ConsumeAsync(queue, one => received.Writer.TryWrite(one));
        return received.Reader;
    }

    public static BasicProperties Properties(string id) => new() { MessageId = id, CorrelationId = $"for {id}", ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent };

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
        _publishing.Dispose();
    }

    private async Task ConsumeAsync(string queue, Func<AmqpReceived, bool> take)
    {
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            var bytes = delivery.Body.ToArray();
            take(new AmqpReceived(delivery.BasicProperties.CorrelationId, delivery.RoutingKey, delivery.BasicProperties.Headers ?? new Dictionary<string, object?>(), Json(bytes), bytes));
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
