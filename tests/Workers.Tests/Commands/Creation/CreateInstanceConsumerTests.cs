using MassTransit;
using NSubstitute;
using SandQueue.Contracts;
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

    private CreateInstanceConsumer Consumer => new(_worker.Get<InstanceCreation>());

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

    private static ConsumeContext<T> Message<T>(T message)
        where T : class
    {
        var context = Substitute.For<ConsumeContext<T>>();
        context.Message.Returns(message);
        context.ResponseAddress.Returns(FakeBus.ReplyTo);
        return context;
    }
}
