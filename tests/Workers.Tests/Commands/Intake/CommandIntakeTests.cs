using SandQueue.Contracts;
using SandQueue.Storage.FaultInjection;
using SandQueue.Storage.Journal;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Commands.Stepping;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Commands.Intake;

public sealed class CommandIntakeTests(WorkerStore store) : IClassFixture<WorkerStore>, IAsyncLifetime
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
    public async Task Each_command_of_an_envelope_ends_alone()
    {
        await _worker.CreateAsync("other");
        StepInstance[] commands = [_worker.NewStep("{}"), _worker.NewStep("{}", "never"), _worker.NewStep("{}", "other"), _worker.NewStep("{}") with { RemainingMs = 0 }];

        _worker.Get<CommandIntake>().Accept(commands, _worker.Get<StepExecution>(), FakeBus.ReplyTo);

        var replies = await Task.WhenAll(commands.Select(command => _worker.Bus.ReplyAsync(command.CommandId)));
        replies.Select(reply => reply.End).ShouldBe([CommandEnd.Completed, CommandEnd.Rejected, CommandEnd.Completed, CommandEnd.Expired]);
    }

    [Fact]
    public async Task What_the_execution_does_not_expect_is_a_failure_and_the_instance_goes_on_from_the_journal()
    {
        _worker.Environment.Stepping = (_, _, _) => throw new InvalidDataException("not foreseen");

        var failed = await _worker.SendAsync(_worker.NewStep("{}"));
        _worker.Environment.Stepping = (_, _, _) => Task.CompletedTask;

        (failed.End, failed.Cause).ShouldBe((CommandEnd.Failed, FailureCause.Infrastructure));
        failed.Detail!.ShouldContain("not foreseen");
        (await _worker.StepAsync("{}")).Step().ShouldBe(1);
        _worker.Made.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_mailbox_that_is_full_refuses()
    {
        var gate = new Gate();
        _worker.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        _ = _worker.SendAsync(_worker.NewStep("{}"));
        await gate.Arrived;
        _worker.Owned.TryGet(_worker.Tenant, "i", out var owner).ShouldBeTrue();
        for (var waiting = 0; owner.Mailbox.TryRun(() => Task.CompletedTask, out _); waiting++) waiting.ShouldBeLessThan(10_000);

        var reply = await _worker.SendAsync(_worker.NewStep("{}"));

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.NoCapacity));
        gate.Open();
    }

    [Fact]
    public async Task An_end_that_the_sender_wrote_first_is_the_end()
    {
        var command = _worker.NewStep("{}");
        var gate = new Gate();
        _worker.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var sent = _worker.SendAsync(command);
        await gate.Arrived;
        await _worker.Get<CommandEnds>().RecordAsync(command, CommandReply.Expired(command, "no answer came in time"), Cancel);

        gate.Open();

        var reply = await sent;
        (reply.End, reply.Detail).ShouldBe((CommandEnd.Expired, "no answer came in time"));
        _worker.Environment.Stepping = (_, _, _) => Task.CompletedTask;
        (await _worker.StepAsync("{}")).Step().ShouldBe(1);
        _worker.Made[1].Done.ShouldBe(["{}"]);
    }

    [Fact]
    public async Task Nothing_is_answered_once_the_lease_has_ended()
    {
        var command = _worker.NewStep("{}");
        _worker.Get<WorkerLease>().End();

        await _worker.Get<CommandIntake>().AcceptAsync(command, _worker.Get<StepExecution>(), FakeBus.ReplyTo).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        _worker.Bus.HasReply(command.CommandId).ShouldBeFalse();
    }

    [Fact]
    public async Task A_worker_that_gave_everything_up_takes_its_instances_back_when_nobody_else_has()
    {
        await _worker.StepAsync("{}");
        _worker.Get<OwnedInstances>().Discard();

        (await _worker.StepAsync("{}")).Step().ShouldBe(2);

        (await _worker.RowAsync()).Epoch.ShouldBe(2);
    }

    [Fact]
    public async Task A_command_sent_again_while_it_runs_joins_the_running_one()
    {
        var gate = new Gate();
        _worker.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var command = _worker.NewStep("a");
        var sent = new List<Task<CommandReply>> { _worker.SendAsync(command) };
        await gate.Arrived;
        for (var copy = 0; copy < 3; copy++) sent.Add(_worker.SendAsync(command with { Action = [.. command.Action], Forwards = copy }));
        gate.Open();

        var replies = await Task.WhenAll(sent);

        replies.ShouldAllBe(reply => reply.End == CommandEnd.Completed && ReferenceEquals(reply.Answer, replies[0].Answer), "the journal is not asked");
        _worker.Made[0].Done.ShouldBe(["a"]);
        (await _worker.StepAsync("b")).Step().ShouldBe(2);
    }

    [Fact]
    public async Task Another_command_under_the_id_of_a_running_one_does_not_join_it()
    {
        var gate = new Gate();
        _worker.Environment.Stepping = (_, action, cancellationToken) => action == "a" ? gate.PassAsync(cancellationToken) : Task.CompletedTask;
        await _worker.CreateAsync("other");
        var command = _worker.NewStep("a");
        _ = _worker.Get<CommandIntake>().AcceptAsync(command, _worker.Get<StepExecution>(), replyTo: null);
        await gate.Arrived;

        var others = (StepInstance[])[command with { Action = "b"u8.ToArray() }, command with { Params = """{"other":1}"""u8.ToArray() }, command with { ExpectedStep = 2 }];
        var sent = others.Select(_worker.SendAsync).ToList();
        gate.Open();

        (await Task.WhenAll(sent)).Select(reply => reply.Reason).ShouldBe([CommandReason.Conflict, CommandReason.Conflict, CommandReason.None], ignoreOrder: true);
        _worker.Made[0].Done.ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_copy_of_a_command_that_came_to_no_end_here_is_executed()
    {
        var gate = new Gate();
        _worker.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var command = _worker.NewStep("a");
        _worker.Get<Failpoints>().Set(Failpoint.BeforeCommit, () =>
        {
            _worker.Get<Failpoints>().Set(Failpoint.BeforeCommit, null);
            throw store.NewBreak();
        });
        _ = _worker.Get<CommandIntake>().AcceptAsync(command, _worker.Get<StepExecution>(), replyTo: null);
        await gate.Arrived;
        var copy = _worker.SendAsync(command);
        gate.Open();

        (await copy).Step().ShouldBe(1);
        (await _worker.EpisodeAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Timing_tells_where_the_time_went()
    {
        var gate = new Gate();
        _worker.Environment.Stepping = (_, action, _) => action == "slow" ? gate.PassAsync(default) : Task.CompletedTask;
        var slow = _worker.SendAsync(_worker.NewStep("slow"));
        await gate.Arrived;
        var waiting = _worker.SendAsync(_worker.NewStep("{}"));

        store.Time.Advance(TimeSpan.FromSeconds(2));
        gate.Open();

        (await slow).Timing.Waiting.ShouldBeLessThan(2000);
        (await waiting).Timing.Waiting.ShouldBeGreaterThanOrEqualTo(2000);
    }
}
