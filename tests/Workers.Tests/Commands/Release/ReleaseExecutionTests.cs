using SandQueue.Contracts;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Commands.Release;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Commands.Release;

public sealed class ReleaseExecutionTests(WorkerStore store) : IClassFixture<WorkerStore>, IAsyncLifetime
{
    private TestWorker _worker = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _worker = await TestWorker.StartAsync(store);
        await _worker.CreateAsync();
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    [Fact]
    public async Task A_release_ends_the_instance_and_frees_what_it_held()
    {
        var freeSlots = _worker.Pool.FreeSlots;
        var command = _worker.NewRelease();

        var reply = await _worker.SendAsync(command);

        (reply.End, reply.Text()).ShouldBe((CommandEnd.Completed, "true"));
        (await _worker.RowAsync()).State.ShouldBe(InstanceState.Released);
        (await store.Episodes.FindCommandAsync(command.Tenant, command.CommandId, Cancel))!.Kind.ShouldBe(JournalKind.Release);
        (_worker.Owned.Count, _worker.Pool.FreeSlots).ShouldBe((0, freeSlots + 1));
        _worker.Made[0].IsReleased.ShouldBeTrue();
    }

    [Fact]
    public async Task A_released_instance_takes_no_commands()
    {
        await _worker.SendAsync(_worker.NewRelease());

        foreach (var reply in await Task.WhenAll(
            _worker.SendAsync(_worker.NewStep("{}")), _worker.SendAsync(_worker.NewEvaluate()), _worker.SendAsync(_worker.NewRelease())))
        {
            (reply.End, reply.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.Released));
            reply.Detail!.ShouldContain("was released by its caller");
        }
    }

    [Fact]
    public async Task The_same_release_again_gets_the_first_answer()
    {
        var command = _worker.NewRelease();
        await _worker.SendAsync(command);

        var again = await _worker.SendAsync(command);

        (again.End, again.Text()).ShouldBe((CommandEnd.Completed, "true"));
    }

    [Fact]
    public async Task A_step_sent_again_after_the_release_gets_the_first_answer()
    {
        var command = _worker.NewStep("{}");
        var first = await _worker.SendAsync(command);
        await _worker.SendAsync(_worker.NewRelease());

        (await _worker.SendAsync(command)).Answer.ShouldBe(first.Answer);
    }

    [Fact]
    public async Task The_id_of_another_command_is_no_id_for_a_release()
    {
        var step = _worker.NewStep("{}");
        await _worker.SendAsync(step);

        var reply = await _worker.SendAsync(_worker.NewRelease() with { CommandId = step.CommandId });

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.Conflict));
        (await _worker.StepAsync("{}")).Step().ShouldBe(2);
        _worker.Made.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_release_waits_for_the_step_that_runs()
    {
        var gate = new Gate();
        _worker.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var step = _worker.SendAsync(_worker.NewStep("{}"));
        await gate.Arrived;
        var release = _worker.SendAsync(_worker.NewRelease());
        _worker.Made[0].IsReleased.ShouldBeFalse();

        gate.Open();

        (await step).End.ShouldBe(CommandEnd.Completed);
        (await release).End.ShouldBe(CommandEnd.Completed);
        (await _worker.EpisodeAsync()).Select(entry => entry.Kind).ShouldBe([JournalKind.Create, JournalKind.Step, JournalKind.Release]);
    }

    [Fact]
    public async Task What_waits_behind_a_release_learns_that_the_instance_is_gone()
    {
        var gate = new Gate();
        _worker.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var step = _worker.SendAsync(_worker.NewStep("{}"));
        await gate.Arrived;
        var release = _worker.SendAsync(_worker.NewRelease());
        var behind = _worker.SendAsync(_worker.NewStep("{}"));

        gate.Open();

        await Task.WhenAll(step, release);
        ((await behind).End, (await behind).Reason).ShouldBe((CommandEnd.Rejected, CommandReason.Released));
    }

    [Fact]
    public async Task A_release_needs_no_container_and_no_recovery()
    {
        _worker.Runtime.Running[^1].Exit();

        (await _worker.SendAsync(_worker.NewRelease())).End.ShouldBe(CommandEnd.Completed);

        _worker.Made.Count.ShouldBe(1);
        _worker.Runtime.Started.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_environment_that_does_not_free_its_instance_holds_no_release()
    {
        _worker.Environment.Releasing = (_, _) => throw new EnvironmentFailedException("it broke");
        (await _worker.SendAsync(_worker.NewRelease())).End.ShouldBe(CommandEnd.Completed);
        (await _worker.RowAsync()).State.ShouldBe(InstanceState.Released);
    }

    [Fact]
    public async Task The_instance_of_another_worker_is_not_released_here()
    {
        await using var other = await TestWorker.StartAsync(store);
        await store.Instances.TakeOverAsync(await _worker.RowAsync(), other.Name, Cancel);

        var command = _worker.NewRelease();
        await _worker.Get<CommandIntake>().AcceptAsync(command, _worker.Get<ReleaseExecution>(), FakeBus.ReplyTo).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        _worker.Bus.Forwarded.ShouldHaveSingleItem().Queue.ShouldBe(QueueNames.Worker(other.Name));
        (await _worker.RowAsync()).State.ShouldBe(InstanceState.Live);
        _worker.Owned.Count.ShouldBe(0);
    }
}
