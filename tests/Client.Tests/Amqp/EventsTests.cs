using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using SandQueue.Client.Amqp;
using SandQueue.Client.Resending;
using SandQueue.Testing;

namespace SandQueue.Client.Tests.Amqp;

/// <summary>A subscription hears everything, however its reader and the broker behave.</summary>
public sealed class EventsTests(RabbitMqServer rabbit) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private Uri? _broker;
    private IConnection? _connection;
    private IChannel? _channel;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(await rabbit.StartAsync(), rabbit.Missing ?? "");
        _broker = await rabbit.NewVirtualHostAsync();
        _connection = await new ConnectionFactory { Uri = _broker }.CreateConnectionAsync(Cancel);
        _channel = await _connection.CreateChannelAsync(cancellationToken: Cancel);
        await _channel.ExchangeDeclareAsync(AmqpNames.Events, ExchangeType.Topic, durable: true, cancellationToken: Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        if (_broker is not null) await rabbit.DeleteVirtualHostAsync(_broker);
    }

    [Fact]
    public async Task More_than_the_broker_gives_ahead_are_read_one_at_a_time()
    {
        await using var events = await OpenAsync();
        for (var number = 0; number < 300; number++) await PublishAsync(number);

        for (var number = 0; number < 300; number++) (await FirstAsync(events)).ShouldBe(number);
    }

    [Fact]
    public async Task A_queue_that_the_broker_takes_away_is_opened_again()
    {
        await using var events = await OpenAsync();
        await PublishAsync(1);
        (await FirstAsync(events)).ShouldBe(1);
        var reading = FirstAsync(events);

        await _channel!.QueueDeleteAsync(events.Queue, cancellationToken: Cancel);
        await Until.TrueAsync("the queue is there again", IsThereAsync, Limit);
        await PublishAsync(2);

        (await reading).ShouldBe(2);

        async Task<bool> IsThereAsync()
        {
            try
            {
                await using var looking = await _connection!.CreateChannelAsync(cancellationToken: Cancel);
                return (await looking.QueueDeclarePassiveAsync(events.Queue, Cancel)).ConsumerCount == 1;
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task The_end_of_a_subscription_or_of_its_client_ends_its_reader()
    {
        await using var queue = SandQueueClient.OverRabbitMq(_broker!);
        var (one, other) = (await queue.SubscribeAsync("anna", Cancel), await queue.SubscribeAsync("anna", Cancel));
        var (reading, readingOther) = (one.ToListAsync(Cancel).AsTask(), other.ToListAsync(Cancel).AsTask());

        await one.DisposeAsync();
        (await reading.WaitAsync(Limit, Cancel)).ShouldBeEmpty();
        readingOther.IsCompleted.ShouldBeFalse();

        await queue.DisposeAsync();
        (await readingOther.WaitAsync(Limit, Cancel)).ShouldBeEmpty();
        await Should.ThrowAsync<ObjectDisposedException>(() => other.ToListAsync(Cancel).AsTask());
    }

    [Fact]
    public async Task Whoever_gave_up_the_wait_is_told_that()
    {
        await using var queue = SandQueueClient.OverRabbitMq(_broker!);
        await using var events = await queue.SubscribeAsync("anna", Cancel);
        using var giveUp = new CancellationTokenSource();
        var reading = events.ToListAsync(giveUp.Token).AsTask();

        await giveUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => reading);
        await Should.ThrowAsync<OperationCanceledException>(() => queue.SubscribeAsync("anna", giveUp.Token));
    }

    private async Task<AmqpEvents> OpenAsync()
    {
        var events = new AmqpEvents(new AmqpBroker(_broker!), "anna", new Backoff(() => 0), TimeProvider.System);
        await events.OpenAsync(Cancel);
        return events;
    }

    private async Task PublishAsync(int number) =>
        await _channel!.BasicPublishAsync(AmqpNames.Events, "anna.step.completed", Encoding.UTF8.GetBytes($$"""{"number":{{number}}}"""), Cancel);

    private static async Task<int> FirstAsync(AmqpEvents events) => (await events.ReadAsync(Cancel).FirstAsync(Cancel).AsTask().WaitAsync(Limit, Cancel)).GetProperty("number").GetInt32();
}
