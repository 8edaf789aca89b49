using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using SandQueue.Bench.Compare.Loops;

namespace SandQueue.Bench.Compare.Players;

/// <summary>
/// Request and reply over RabbitMQ as one writes it with nothing but its client: one connection, one channel, a reply queue of one's own, a message for
/// each command and one for each reply, which a correlation id brings together. Without publisher confirms, and not persistent.
/// </summary>
internal sealed class RpcCaller : IAsyncDisposable
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(BfclCalls.StepBody(Guid.Empty.ToString("n")));

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly string _queue;
    private readonly SemaphoreSlim _publishing = new(1, 1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<int>> _waiting = new(StringComparer.Ordinal);
    private string _replies = "";
    private long _last;

    private RpcCaller(IConnection connection, IChannel channel, string queue) => (_connection, _channel, _queue) = (connection, channel, queue);

    /// <param name="broker">The broker.</param>
    /// <param name="queue">The queue that requests go to.</param>
    /// <param name="cancellationToken">Ends the attempt to connect.</param>
    public static async Task<RpcCaller> OpenAsync(Uri broker, string queue, CancellationToken cancellationToken)
    {
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellationToken);
        var caller = new RpcCaller(connection, await connection.CreateChannelAsync(cancellationToken: cancellationToken), queue);
        caller._replies = (await caller._channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellationToken)).QueueName;
        var consumer = new AsyncEventingBasicConsumer(caller._channel);
        consumer.ReceivedAsync += caller.ReceiveAsync;
        await caller._channel.BasicConsumeAsync(caller._replies, autoAck: true, consumer, cancellationToken);
        return caller;
    }

    public Task<IPlayer> NewPlayerAsync() => Task.FromResult<IPlayer>(new Player(this));

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
        _publishing.Dispose();
    }

    /// <returns>The bytes of the reply.</returns>
    private async Task<int> CallAsync()
    {
        var id = Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture);
        var reply = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = reply;
        var properties = new BasicProperties { CorrelationId = id, ReplyTo = _replies };
        await _publishing.WaitAsync();
        try
        {
            await _channel.BasicPublishAsync("", _queue, mandatory: false, properties, Body);
        }
        finally
        {
            _publishing.Release();
        }

        return await reply.Task;
    }

    private Task ReceiveAsync(object sender, BasicDeliverEventArgs message)
    {
        if (message.BasicProperties.CorrelationId is { } id && _waiting.TryRemove(id, out var waiting)) waiting.SetResult(message.Body.Length);
        return Task.CompletedTask;
    }

    private sealed class Player(RpcCaller caller) : IPlayer
    {
        public async ValueTask<Played> PlayAsync()
        {
            var bytes = await caller.CallAsync();
            return bytes == BfclCalls.Answer.Length ? new Played(1, Stopwatch.GetTimestamp()) : throw new InvalidDataException($"a reply has {bytes} bytes in place of {BfclCalls.Answer.Length}");
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
