using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Commands.Tasks;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Replies;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Commands.Tasks;

public sealed class ListTasksConsumerTests(WorkerStore store) : IClassFixture<WorkerStore>, IAsyncLifetime
{
    private TestWorker _worker = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _worker = await TestWorker.StartAsync(store);

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    [Fact]
    public async Task The_tasks_of_a_split_are_listed()
    {
        var reply = await ListAsync(NewList("train"));

        (reply.End, reply.Text()).ShouldBe((CommandEnd.Completed, """["t1","t2"]"""));
    }

    [Fact]
    public async Task What_cannot_be_listed_is_refused_and_says_why()
    {
        (await ListAsync(NewList("nope"))).Detail.ShouldBe("there is no split nope");
        (await ListAsync(NewList("train") with { EnvType = "other" })).Detail.ShouldBe("this worker does not serve 'other'");
    }

    [Fact]
    public async Task An_environment_that_fails_is_a_failure()
    {
        _worker.Environment.Listing = (_, _) => throw new EnvironmentFailedException("it broke");
        (await ListAsync(NewList("train"))).End.ShouldBe(CommandEnd.Failed);

        _worker.Environment.Listing = (_, _) => throw new InvalidDataException("not foreseen");
        (await ListAsync(NewList("train"))).End.ShouldBe(CommandEnd.Failed);
    }

    [Fact]
    public async Task A_container_that_ended_under_it_is_no_failure()
    {
        _worker.Environment.Listing = (_, _) =>
        {
            if (_worker.Runtime.Started.Count > 1) return Task.CompletedTask;
            _worker.Runtime.Started.Single().Exit();
            throw new EnvironmentFailedException("the environment's container exited");
        };
        (await ListAsync(NewList("train"))).End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task A_listing_that_hangs_holds_no_message_of_the_shared_entry()
    {
        var gate = new Gate();
        _worker.Environment.Listing = (_, cancellationToken) => gate.PassAsync(cancellationToken);
        var command = NewList("train");

        await ConsumeAsync(command).WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        await gate.Arrived;
        _worker.Bus.HasReply(command.CommandId).ShouldBeFalse();
        gate.Open();

        (await _worker.Bus.ReplyAsync(command.CommandId)).End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task A_listing_that_takes_too_long_expires()
    {
        var gate = new Gate();
        _worker.Environment.Listing = (_, cancellationToken) => gate.PassAsync(cancellationToken);
        var command = NewList("train");
        var consumed = ConsumeAsync(command);
        await gate.Arrived;

        store.Time.Advance(TimeSpan.FromSeconds(55));

        (await _worker.Bus.ReplyAsync(command.CommandId)).End.ShouldBe(CommandEnd.Expired);
        await consumed;
    }

    private ListTasks NewList(string split) => new()
    {
        CommandId = Guid.NewGuid().ToString("n"),
        Tenant = _worker.Tenant,
        RemainingMs = 55_000,
        EnvType = "fake",
        Split = split,
    };

    private async Task<CommandReply> ListAsync(ListTasks command)
    {
        await ConsumeAsync(command);
        return await _worker.Bus.ReplyAsync(command.CommandId);
    }

    private Task ConsumeAsync(ListTasks command) => new ListTasksConsumer(_worker.Get<EnvironmentPools>(), _worker.Get<ReplyOutbox>(), store.Time)
        .ReceiveAsync(new Envelope<ListTasks> { Commands = [command] }, FakeBus.ReplyTo, Cancel);
}
