using SandQueue.Contracts;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Workers.Commands.Creation;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Commands.Stepping;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Commands.Intake;

public sealed class OwnerLookupTests(WorkerStore store) : IClassFixture<WorkerStore>, IAsyncLifetime
{
    private TestWorker _worker = null!;
    private TestWorker _other = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _worker = await TestWorker.StartAsync(store);
        _other = await TestWorker.StartAsync(store);
        await _worker.CreateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task An_instance_nobody_made_is_unknown()
    {
        var reply = await _worker.SendAsync(_worker.NewStep("{}", "never"));
        (reply.End, reply.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.UnknownInstance));
        reply.Detail!.ShouldContain("'never'");
    }

    [Fact]
    public async Task An_instance_of_another_caller_does_not_exist()
    {
        var reply = await _worker.SendAsync(_worker.NewStep("{}") with { Tenant = "stranger" });
        (reply.End, reply.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.UnknownInstance));
        _worker.Made[0].Done.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_for_another_workers_instance_is_forwarded_to_it()
    {
        var command = Foreign();

        await AcceptElsewhereAsync(command);

        var (queue, envelope) = _other.Bus.Forwarded.ShouldHaveSingleItem();
        queue.ShouldBe(QueueNames.Worker(_worker.Name));
        envelope.ShouldBeOfType<Envelope<StepInstance>>().Commands.ShouldHaveSingleItem().ShouldBe(command with { Forwards = 1 });
        _other.Bus.HasReply(command.CommandId).ShouldBeFalse();
        _other.Owned.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_command_is_forwarded_twice_at_most()
    {
        var command = Foreign() with { Forwards = 2 };

        await AcceptElsewhereAsync(command);

        _other.Bus.Forwarded.ShouldBeEmpty();
        (await _other.Bus.ReplyAsync(command.CommandId)).End.ShouldBe(CommandEnd.Failed);
    }

    [Fact]
    public async Task An_instance_of_a_worker_that_speaks_other_messages_is_said_so_at_once_and_the_command_has_no_end()
    {
        var later = await GiveToLaterVersionAsync();
        var command = Foreign();

        var reply = await _other.SendAsync(command);

        (reply.End, reply.Reason, reply.Cause).ShouldBe((CommandEnd.Failed, CommandReason.OtherVersion, FailureCause.Infrastructure));
        reply.Detail.ShouldBe(
            $"instance 'i' is owned by a living worker of version 9.9.9, which speaks messages {QueueNames.ContractVersion + 1}, not {QueueNames.ContractVersion}; " +
            "send the command again under the same id, through a gateway of that version or once that worker was drained or updated");
        _other.Bus.Forwarded.ShouldBeEmpty();

        await _other.Get<WorkerDirectory>().EndLeaseAsync(later, Cancel);
        (await _other.SendAsync(command)).End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task A_command_that_was_forwarded_as_often_as_it_may_is_told_of_another_version_too()
    {
        await GiveToLaterVersionAsync();
        (await _other.SendAsync(Foreign() with { Forwards = 2 })).Reason.ShouldBe(CommandReason.OtherVersion);
    }

    [Fact]
    public async Task A_create_that_names_an_instance_of_a_worker_that_speaks_other_messages_is_told_so()
    {
        await GiveToLaterVersionAsync();

        var reply = await _other.SendAsync(_other.NewCreate() with { Tenant = _worker.Tenant });

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Failed, CommandReason.OtherVersion));
        _other.Made.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_that_took_effect_gets_its_answer_whatever_messages_its_instances_worker_speaks()
    {
        var command = Foreign();
        var first = await _worker.SendAsync(command);
        await GiveToLaterVersionAsync();

        var again = await _other.SendAsync(command);

        again.End.ShouldBe(CommandEnd.Completed, again.Detail);
        again.Answer.ShouldBe(first.Answer);
    }

    [Fact]
    public async Task The_instance_of_a_dead_worker_is_taken_over_and_goes_on()
    {
        await _worker.StepAsync("""{"n":1}""");
        await _worker.CrashAsync();

        var reply = await _other.SendAsync(Foreign());

        (reply.End, reply.Owner, reply.Step()).ShouldBe((CommandEnd.Completed, _other.Name, 2));
        var row = await _worker.RowAsync();
        (row.Owner, row.Epoch, row.NextStep).ShouldBe((_other.Name, 2, 3));
        _other.Made[0].Done.ShouldBe(["""{"n":1}""", "{}"]);
    }

    [Fact]
    public async Task What_an_earlier_owner_still_writes_is_refused()
    {
        await _worker.StepAsync("""{"n":1}""");
        var gate = new Gate();
        _worker.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var late = _worker.NewStep("""{"late":1}""");
        _ = _worker.SendAsync(late);
        await gate.Arrived;
        await _worker.CrashAsync();

        (await _other.SendAsync(Foreign())).Step().ShouldBe(2);
        gate.Open();
        while (!_worker.Made[0].Done.Contains("""{"late":1}""")) await Task.Yield();
        (await _other.SendAsync(Foreign())).Step().ShouldBe(3);

        (await _worker.EpisodeAsync()).ShouldNotContain(entry => entry.CommandId == late.CommandId);
        _worker.Bus.HasReply(late.CommandId).ShouldBeFalse();
    }

    [Fact]
    public async Task Many_commands_for_an_ownerless_instance_are_one_takeover()
    {
        await _worker.CrashAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _other.SendAsync(Foreign())));

        replies.ShouldAllBe(reply => reply.End == CommandEnd.Completed);
        replies.Select(reply => reply.Step()).Order().ShouldBe(Enumerable.Range(1, 20));
        (await _worker.RowAsync()).Epoch.ShouldBe(2);
        _other.Made.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Of_two_workers_one_takes_the_instance_over()
    {
        await using var third = await TestWorker.StartAsync(store);
        await _worker.CrashAsync();
        var commands = (Foreign(), Foreign());

        var both = Task.WhenAll(
            _other.Get<CommandIntake>().AcceptAsync(commands.Item1, _other.Get<StepExecution>(), FakeBus.ReplyTo),
            third.Get<CommandIntake>().AcceptAsync(commands.Item2, third.Get<StepExecution>(), FakeBus.ReplyTo));
        await both.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        (await _worker.RowAsync()).Epoch.ShouldBe(2);
        (_other.Owned.Count + third.Owned.Count).ShouldBe(1);
        (_other.Made.Count + third.Made.Count).ShouldBe(1);
    }

    [Fact]
    public async Task A_worker_without_a_live_lease_takes_nothing_over()
    {
        await _worker.CrashAsync();
        _other.Get<WorkerLease>().End();
        var command = Foreign();

        await AcceptElsewhereAsync(command);

        var row = await _worker.RowAsync();
        (row.Owner, row.Epoch, row.Attempts).ShouldBe((_worker.Name, 1, 0));
        (_other.Owned.Count, _other.Made.Count, _other.Bus.HasReply(command.CommandId)).ShouldBe((0, 0, false));
    }

    [Fact]
    public async Task A_create_of_a_dead_workers_instance_goes_back_to_its_queue_where_the_lease_is_not_live()
    {
        var create = _worker.NewCreate("unmade");
        await store.Instances.ClaimAsync(
            new Instance { Tenant = create.Tenant, InstanceId = "unmade", EnvType = "fake", TaskId = "t1", Params = [], State = InstanceState.Creating, Owner = _worker.Name, Epoch = 1 },
            Cancel);
        await _worker.CrashAsync();
        _other.Get<WorkerLease>().End();
        _other.Bus.Deliver = _ => { };

        var accepted = _other.Get<CommandIntake>().AcceptAsync(create, _other.Get<CreateExecution>(), FakeBus.ReplyTo);
        await Until.TrueAsync("the create was held for a second", () => EndedAsync(accepted), TimeSpan.FromSeconds(20));

        _other.Bus.Returned.ShouldHaveSingleItem().CommandId.ShouldBe(create.CommandId);
        (await _worker.RowAsync("unmade")).Epoch.ShouldBe(1);
    }

    [Fact]
    public async Task An_environment_nobody_serves_any_more_is_said_so()
    {
        await _worker.CrashAsync();
        var row = _worker.NewCreate("foreign") with { EnvType = "gone" };
        await store.Instances.ClaimAsync(
            new Instance
            {
                Tenant = row.Tenant,
                InstanceId = row.InstanceId,
                EnvType = row.EnvType,
                TaskId = row.TaskId,
                Params = [],
                Owner = _worker.Name,
                Epoch = 1,
            },
            Cancel);

        var reply = await _other.SendAsync(_worker.NewStep("{}", "foreign"));

        reply.End.ShouldBe(CommandEnd.Failed);
        reply.Detail!.ShouldContain("'gone'");
    }

    [Fact]
    public async Task A_command_whose_time_is_over_is_not_looked_up()
    {
        var reply = await _worker.SendAsync(_worker.NewStep("{}") with { RemainingMs = 0 });
        reply.End.ShouldBe(CommandEnd.Expired);
        _worker.Made[0].Done.ShouldBeEmpty();
    }

    /// <summary>Makes the instance that of a living worker of a later version.</summary>
    private async Task<string> GiveToLaterVersionAsync()
    {
        var later = new Worker { Name = $"later-{Guid.NewGuid():n}", Host = "h", Version = "9.9.9", Contract = QueueNames.ContractVersion + 1, Environments = "[]" };
        await _other.Get<WorkerDirectory>().RegisterAsync(later, TestWorker.Lease, Cancel);
        (await store.Instances.TakeOverAsync(await _worker.RowAsync(), later.Name, Cancel)).ShouldBeTrue();
        return later.Name;
    }

    private Task<bool> EndedAsync(Task task)
    {
        store.Time.Advance(TimeSpan.FromSeconds(1));
        return Task.FromResult(task.IsCompleted);
    }

    private StepInstance Foreign() => _other.NewStep("{}") with { Tenant = _worker.Tenant, CommandId = Guid.NewGuid().ToString("n") };

    private Task AcceptElsewhereAsync(StepInstance command) =>
        _other.Get<CommandIntake>().AcceptAsync(command, _other.Get<StepExecution>(), FakeBus.ReplyTo).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
}
