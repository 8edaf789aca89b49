using MassTransit;
using NSubstitute;
using SandQueue.Contracts;
using SandQueue.Testing;
using SandQueue.Workers.Commands.Creation;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Commands.Creation;

/// <summary>How long the message of a Create is held, and so counts against the prefetch limit of its queue.</summary>
public sealed class CreateInstanceConsumerTests(WorkerStore store) : IClassFixture<WorkerStore>, IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Gate _making = new();
    private TestWorker _worker = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CreateInstanceConsumer Consumer => new(_worker.Get<InstanceCreation>(), _worker.Get<DirectCreates>());

    public async ValueTask InitializeAsync() =>
        _worker = await TestWorker.StartAsync(store, new FakeEnvironment { Creating = (_, cancellationToken) => _making.PassAsync(cancellationToken) });

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    [Fact]
    public async Task The_shared_queues_message_is_held_until_its_create_has_ended()
    {
        var command = _worker.NewCreate();

        var consumed = Consumer.Consume(Message(command));
        await _making.Arrived;
        consumed.IsCompleted.ShouldBeFalse();

        _making.Open();
        await consumed.WaitAsync(Limit, Cancel);
        (await _worker.Bus.ReplyAsync(command.CommandId)).End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task What_was_forwarded_holds_nothing_up()
    {
        var command = _worker.NewCreate() with { Forwards = 1 };

        await Consumer.ReceiveAsync(new Envelope<CreateInstance> { Commands = [command] }, FakeBus.ReplyTo, Cancel).WaitAsync(Limit, Cancel);
        await _making.Arrived;
        _worker.Bus.HasReply(command.CommandId).ShouldBeFalse("it is still made");

        _making.Open();
        (await _worker.Bus.ReplyAsync(command.CommandId)).End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task Of_the_creates_that_come_straight_to_a_worker_it_makes_some_at_a_time_and_passes_the_others_on()
    {
        _worker.Bus.Deliver = _ => { };
        List<CreateInstance> commands = [.. Enumerable.Range(1, DirectCreates.AtOnce + 2).Select(number => _worker.NewCreate($"i{number}"))];
        var consumer = Consumer;

        await consumer.ReceiveAsync(new Envelope<CreateInstance> { Commands = commands }, FakeBus.ReplyTo, Cancel);
        await Until.TrueAsync("two are passed on", () => Task.FromResult(_worker.Bus.Returned.Count == 2), Limit);

        _worker.Bus.Returned.Select(command => command.InstanceId).ShouldBe(commands.Skip(DirectCreates.AtOnce).Select(command => command.InstanceId), ignoreOrder: true);
        _making.Open();
        foreach (var command in commands.Take(DirectCreates.AtOnce)) (await _worker.Bus.ReplyAsync(command.CommandId)).End.ShouldBe(CommandEnd.Completed);
        await Until.TrueAsync("all are made", () => Task.FromResult(_worker.Get<DirectCreates>().Running == 0), Limit);
        var later = _worker.NewCreate("later");
        await consumer.ReceiveAsync(new Envelope<CreateInstance> { Commands = [later] }, FakeBus.ReplyTo, Cancel);
        (await _worker.Bus.ReplyAsync(later.CommandId)).End.ShouldBe(CommandEnd.Completed, "those that were made make room");
    }

    [Fact]
    public async Task A_create_that_is_asked_again_where_its_instance_is_made_is_not_passed_on()
    {
        _worker.Bus.Deliver = _ => { };
        List<CreateInstance> commands = [.. Enumerable.Range(1, DirectCreates.AtOnce).Select(number => _worker.NewCreate($"i{number}"))];
        var consumer = Consumer;
        await consumer.ReceiveAsync(new Envelope<CreateInstance> { Commands = commands }, FakeBus.ReplyTo, Cancel);
        await _making.Arrived;

        await consumer.ReceiveAsync(new Envelope<CreateInstance> { Commands = [commands[0]] }, FakeBus.ReplyTo, Cancel);
        _making.Open();

        for (var answer = 1; answer <= 2; answer++) (await _worker.Bus.ReplyAsync(commands[0].CommandId)).End.ShouldBe(CommandEnd.Completed);
        _worker.Bus.Returned.ShouldBeEmpty();
    }

    private static ConsumeContext<T> Message<T>(T message)
        where T : class
    {
        var context = Substitute.For<ConsumeContext<T>>();
        context.Message.Returns(message);
        context.ResponseAddress.Returns(FakeBus.ReplyTo);
        return context;
    }
}
