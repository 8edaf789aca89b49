using SandQueue.Contracts;
using SandQueue.Storage.FaultInjection;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Commands.Stepping;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Replay;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Guards;

/// <summary>
/// Lets the world go wrong at the worst moments, and holds the guards to their word: each test names the guard without
/// which it fails.
/// </summary>
public abstract class GuardContract(WorkerStore store) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private TestWorker _worker = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _worker = await TestWorker.StartAsync(store);
        await _worker.CreateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Guard: CommandIntake drops the instance whose row may not have been written.</summary>
    [Fact]
    public async Task A_step_whose_row_was_not_committed_is_not_taken_again_on_the_same_state()
    {
        var step = _worker.NewStep("a");
        Once(_worker, Failpoint.BeforeCommit, () => throw store.NewBreak());
        Send(_worker, step);
        await DisconnectedAsync(_worker);

        var reply = await _worker.SendAsync(step);

        (reply.Step(), reply.Observation()).ShouldBe((1, "v1 t1 1 a"));
        (await _worker.EpisodeAsync()).Count.ShouldBe(2);
    }

    /// <summary>Guard: EpisodeJournal reads before it decides on a commit that was cut off.</summary>
    [Fact]
    public async Task A_commit_whose_answer_was_lost_counts_once()
    {
        var step = _worker.NewStep("a");
        Once(_worker, Failpoint.AfterCommit, () => throw store.NewOutage());
        var sent = _worker.SendAsync(step);
        await Until.TrueAsync("answered", () => Passed(sent), Limit);

        (await sent).Step().ShouldBe(1);
        (await _worker.StepAsync("b")).Observation().ShouldBe("v1 t1 2 b");
        _worker.Made.Count.ShouldBe(1);
    }

    /// <summary>Guard: a rebuild takes the journal's word for the next step, and for which commands took effect.</summary>
    [Fact]
    public async Task After_a_commit_of_unknown_outcome_the_episode_goes_on_where_the_journal_is()
    {
        var step = _worker.NewStep("a");
        Once(_worker, Failpoint.AfterCommit, () => throw store.NewBreak());
        Send(_worker, step);
        await DisconnectedAsync(_worker);

        var next = await _worker.StepAsync("b");

        (next.Step(), next.Observation()).ShouldBe((2, "v1 t1 2 b"));
        _worker.Made.Count.ShouldBe(2, "the journal would have refused the step, and another takeover set it right");
        (await _worker.SendAsync(step)).Step().ShouldBe(1);
        (await _worker.EpisodeAsync()).Count.ShouldBe(3);
    }

    /// <summary>Guard: a new owner knows the commands that took effect before it.</summary>
    [Fact]
    public async Task A_worker_that_dies_between_commit_and_reply_leaves_the_answer_to_the_next()
    {
        var step = _worker.NewStep("a");
        Once(_worker, Failpoint.BeforeReply, () => _worker.CrashAsync());
        Send(_worker, step);
        await CommittedAsync(2);
        await using var next = await TestWorker.StartAsync(store);

        var reply = await next.SendAsync(step);

        (reply.End, reply.Step()).ShouldBe((CommandEnd.Completed, 1));
        _worker.Bus.HasReply(step.CommandId).ShouldBeFalse();
        (await next.SendAsync(_worker.NewStep("b"))).Observation().ShouldBe("v1 t1 2 b");
        next.Made[0].Done.ShouldBe(["a", "b"]);
    }

    /// <summary>Guard: the journal refuses what comes under an epoch that is over.</summary>
    [Fact]
    public async Task What_an_owner_writes_after_its_instance_was_taken_over_is_refused()
    {
        await using var next = await TestWorker.StartAsync(store);
        await _worker.CrashAsync();
        var zombie = _worker.NewStep("zombie");
        next.Get<Failpoints>().Set(Failpoint.AfterTakeover, async () =>
        {
            next.Get<Failpoints>().Set(Failpoint.AfterTakeover, null);
            Send(_worker, zombie);
            await Until.TrueAsync("given up", () => Task.FromResult(_worker.Owned.Count == 0), Limit);
        });

        (await next.SendAsync(_worker.NewStep("a"))).Observation().ShouldBe("v1 t1 1 a");

        (await _worker.EpisodeAsync()).Select(entry => entry.Worker).ShouldBe([_worker.Name, next.Name]);
        _worker.Bus.HasReply(zombie.CommandId).ShouldBeFalse();
    }

    /// <summary>Guards: the takeover waits for the commit and reads what it wrote; no reply without a living lease.</summary>
    [Fact]
    public async Task A_lease_that_ends_while_its_commit_runs_costs_no_step_and_says_nothing_twice()
    {
        await using var next = await TestWorker.StartAsync(store);
        var step = _worker.NewStep("a");
        Once(_worker, Failpoint.BeforeCommit, () =>
        {
            // The commit under way holds the row, on SQLite the whole file, so nobody can take the instance over yet.
            _worker.Get<WorkerLease>().End();
            return Task.CompletedTask;
        });
        Send(_worker, step);
        await CommittedAsync(2);
        await _worker.CrashAsync();

        (await next.SendAsync(step)).Step().ShouldBe(1);
        _worker.Bus.HasReply(step.CommandId).ShouldBeFalse();
        (await next.SendAsync(_worker.NewStep("b"))).Observation().ShouldBe("v1 t1 2 b");
    }

    /// <summary>Guard: the journal answers whoever asks for the id, and nothing is taken back for a reply that did not arrive.</summary>
    [Fact]
    public async Task An_answer_whose_gateway_is_gone_is_there_at_another()
    {
        var step = _worker.NewStep("a");
        _worker.Bus.IsSenderGone = true;
        Send(_worker, step);
        await CommittedAsync(2);
        await Until.TrueAsync("not sent", () => Task.FromResult(_worker.Bus.NotSent > 0), Limit);
        _worker.Bus.IsSenderGone = false;

        (await _worker.SendAsync(step)).Step().ShouldBe(1);
        (await _worker.StepAsync("b")).Observation().ShouldBe("v1 t1 2 b");
        _worker.Made[0].Done.ShouldBe(["a", "b"]);
    }

    private static void Once(TestWorker worker, Failpoint point, Func<Task> fault) => worker.Get<Failpoints>().Set(point, () =>
    {
        worker.Get<Failpoints>().Set(point, null);
        return fault();
    });

    /// <summary>Sends a step of which no reply is read.</summary>
    private static void Send(TestWorker worker, StepInstance step) =>
        worker.Get<CommandIntake>().Accept([step], worker.Get<StepExecution>(), FakeBus.ReplyTo);

    private static Task DisconnectedAsync(TestWorker worker) => Until.TrueAsync(
        "disconnected", () => Task.FromResult(worker.Owned.All.All(owner => owner.Connection.Environment is null)), Limit);

    private Task CommittedAsync(int entries) =>
        Until.TrueAsync("committed", async () => (await _worker.EpisodeAsync()).Count == entries, Limit);

    private Task<bool> Passed(Task task)
    {
        store.Time.Advance(TimeSpan.FromMilliseconds(100));
        return Task.FromResult(task.IsCompleted);
    }
}
