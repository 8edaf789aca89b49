using System.Text;
using System.Text.Json.Nodes;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using SandQueue.Testing.Documents;

namespace SandQueue.Client.Tests.Servers;

/// <summary>A command as <see cref="FakeAmqpGateway"/> gets it.</summary>
/// <param name="Kind">What the contract calls it; null where it is none of its messages.</param>
/// <param name="Body">The JSON.</param>
/// <param name="Properties">AMQP's.</param>
internal sealed record FakeCommand(string? Kind, string Body, IReadOnlyBasicProperties Properties);

/// <summary>Takes commands in a virtual host of its own, and replies what a test wants.</summary>
internal sealed class FakeAmqpGateway : IAsyncDisposable
{
    private const string Commands = "sandqueue.commands";

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly List<FakeCommand> _taken = [];

    private FakeAmqpGateway(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    public IReadOnlyList<FakeCommand> Taken
    {
        get
        {
            lock (_taken) return [.. _taken];
        }
    }

    /// <param name="broker">The virtual host.</param>
    /// <param name="reply">Given a command and its number, from 1: the reply, or null for none.</param>
    /// <param name="arguments">Those of the queue; null binds none.</param>
    public static async Task<FakeAmqpGateway> OpenAsync(Uri broker, Func<FakeCommand, int, string?> reply, Dictionary<string, object?>? arguments)
    {
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        var gateway = new FakeAmqpGateway(connection, await connection.CreateChannelAsync());
        await gateway._channel.ExchangeDeclareAsync(Commands, ExchangeType.Topic, durable: true);
        if (arguments is null) return gateway;
        await gateway._channel.QueueDeclareAsync(Commands, durable: true, exclusive: false, autoDelete: false, arguments);
        await gateway._channel.QueueBindAsync(Commands, Commands, "#");
        var consumer = new AsyncEventingBasicConsumer(gateway._channel);
        consumer.ReceivedAsync += (_, delivery) => gateway.TakeAsync(delivery, reply);
        if (!arguments.ContainsKey("x-max-length")) await gateway._channel.BasicConsumeAsync(Commands, autoAck: true, consumer);
        return gateway;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task TakeAsync(BasicDeliverEventArgs delivery, Func<FakeCommand, int, string?> reply)
    {
        var properties = new BasicProperties(delivery.BasicProperties);
        var named = new JsonObject();
        foreach (var (name, value) in Named(properties).Where(each => each.Value is not null)) named[name] = value;
        var command = new FakeCommand(AsyncApiContract.Matches("commands", delivery.Body, named, null) is [var only] ? only : null, Encoding.UTF8.GetString(delivery.Body.Span), properties);
        int number;
        lock (_taken)
        {
            _taken.Add(command);
            number = _taken.Count;
        }

        if (reply(command, number) is not { } text) return;
        await _channel.BasicPublishAsync("", properties.ReplyTo!, mandatory: false, new BasicProperties { CorrelationId = properties.CorrelationId, ContentType = "application/json" }, Encoding.UTF8.GetBytes(text));
    }

    private static IEnumerable<(string Name, string? Value)> Named(BasicProperties properties) =>
    [
        ("message_id", properties.MessageId), ("correlation_id", properties.CorrelationId), ("reply_to", properties.ReplyTo), ("expiration", properties.Expiration), ("content_type", properties.ContentType), ("user_id", properties.UserId),
    ];
}
