using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Hosting.Settings;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Replay;
using SandQueue.Workers.Tests.Fakes;
using SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

namespace SandQueue.Workers.Tests.Recovery;

public sealed class InstanceRebuildTests(WorkerStore store) : IClassFixture<WorkerStore>
{
    [Fact]
    public async Task An_instance_that_lost_its_container_is_rebuilt_by_its_next_command()
    {
        await using var worker = await NewWorkerAsync();
        await worker.StepAsync("""{"n":1}""");
        await worker.StepAsync("""{"n":2}""");
        await KillAsync(worker);

        var reply = await worker.StepAsync("""{"n":3}""");

        reply.Step().ShouldBe(3);
        reply.Observation().ShouldStartWith("v1 t1 3 ");
        worker.Made[1].Done.ShouldBe(["""{"n":1}""", """{"n":2}""", """{"n":3}"""]);
        worker.Made[1].Container.ShouldNotBe(worker.Made[0].Container);
        (await worker.EpisodeAsync()).Count.ShouldBe(4, "a replay is not journaled again");
    }

    [Fact]
    public async Task A_command_that_was_executed_before_keeps_its_answer_afterwards()
    {
        await using var worker = await NewWorkerAsync();
        var command = worker.NewStep("{}");
        var first = await worker.SendAsync(command);
        await KillAsync(worker);

        (await worker.SendAsync(command)).Answer.ShouldBe(first.Answer);
        (await worker.StepAsync("{}")).Step().ShouldBe(2);
    }

    [Fact]
    public async Task An_ended_episode_stays_ended()
    {
        await using var worker = await NewWorkerAsync();
        await worker.StepAsync(FakeInstance.End);
        await KillAsync(worker);

        (await worker.SendAsync(worker.NewStep("{}"))).Reason.ShouldBe(CommandReason.EpisodeOver);
        (await worker.SendAsync(worker.NewEvaluate())).End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task Evaluations_are_repeated_only_where_they_change_the_state()
    {
        await using var pure = await NewWorkerAsync();
        await using var changing = await NewWorkerAsync(new FakeEnvironment { Description = """{"replayable":"yes","evaluate_changes_state":true}""" });
        foreach (var worker in (TestWorker[])[pure, changing])
        {
            await worker.StepAsync("a");
            (await worker.SendAsync(worker.NewEvaluate())).End.ShouldBe(CommandEnd.Completed);
            if (worker == changing) await worker.StepAsync("b");
            await KillAsync(worker);
            await worker.StepAsync("c");
        }

        pure.Made[1].Done.ShouldBe(["a", "c"]);
        changing.Made[1].Done.ShouldBe(["a", "evaluate", "b", "c"]);
    }

    [Fact]
    public async Task What_did_not_complete_is_not_repeated()
    {
        await using var worker = await NewWorkerAsync();
        await worker.StepAsync("a");
        worker.Environment.Stepping = (_, _, _) => throw new EnvironmentRejectedException("refused");
        await worker.SendAsync(worker.NewStep("refused"));
        worker.Environment.Stepping = (_, _, _) => Task.CompletedTask;
        await KillAsync(worker);

        await worker.StepAsync("b");

        worker.Made[1].Done.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_step_that_differs_ends_the_instance_and_shows_both_observations()
    {
        await using var worker = await NewWorkerAsync();
        await worker.StepAsync("a");
        await KillAsync(worker);
        worker.Environment.Creating = (_, _) => Task.CompletedTask;
        worker.Environment.Stepping = (_, _, _) =>
        {
            worker.Environment.Version = "v2";
            return Task.CompletedTask;
        };
        var freeSlots = worker.Pool.FreeSlots;

        var reply = await worker.SendAsync(worker.NewStep("b"));

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Failed, CommandReason.Diverged));
        reply.Detail!.ShouldContain("step 1");
        reply.Detail!.ShouldContain("v1 t1 1 a");
        reply.Detail!.ShouldContain("v2 t1 1 a");
        (await worker.RowAsync()).State.ShouldBe(InstanceState.Diverged);
        var after = await worker.SendAsync(worker.NewStep("c"));
        (after.End, after.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.Diverged));
        (worker.Owned.Count, worker.Pool.FreeSlots).ShouldBe((0, freeSlots));
    }

    [Fact]
    public async Task A_rebuild_on_another_image_says_so_and_goes_on_where_every_step_is_the_same()
    {
        using var lines = new KeptLines();
        await using var worker = await NewWorkerAsync();
        worker.Get<ILoggerFactory>().AddProvider(lines);
        (await worker.RowAsync()).ImageDigest.ShouldBe("sha256:0");
        await worker.StepAsync("a");
        worker.Runtime.Shape = container => container.ImageDigest = "sha256:1";
        await KillAsync(worker);

        (await worker.StepAsync("b")).Step().ShouldBe(2);

        lines.Lines.ShouldContain(line => line.Level == LogLevel.Warning && line.Line.Contains("sha256:1, and was made on image sha256:0", StringComparison.Ordinal));
        (await worker.RowAsync()).ImageDigest.ShouldBe("sha256:0", "the image its episode began on");
    }

    [Fact]
    public async Task A_step_that_differs_on_another_image_names_both_images()
    {
        await using var worker = await NewWorkerAsync();
        await worker.StepAsync("a");
        worker.Runtime.Shape = container => container.ImageDigest = "sha256:1";
        await KillAsync(worker);
        worker.Environment.Version = "v2";

        var reply = await worker.SendAsync(worker.NewStep("b"));

        reply.Reason.ShouldBe(CommandReason.Diverged);
        reply.Detail!.ShouldContain("(made on image sha256:0, rebuilt on image sha256:1)");
    }

    [Fact]
    public async Task On_the_same_image_nothing_is_said_of_it()
    {
        using var lines = new KeptLines();
        await using var worker = await NewWorkerAsync();
        worker.Get<ILoggerFactory>().AddProvider(lines);
        await KillAsync(worker);
        worker.Environment.Version = "v2";

        (await worker.SendAsync(worker.NewStep("b"))).Detail!.ShouldNotContain("on image");

        lines.Lines.ShouldNotContain(line => line.Line.Contains("on image", StringComparison.Ordinal));
    }

    [Fact]
    public async Task First_messages_that_differ_end_the_instance_too()
    {
        await using var worker = await NewWorkerAsync();
        await KillAsync(worker);
        worker.Environment.Version = "v2";

        var reply = await worker.SendAsync(worker.NewStep("b"));

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Failed, CommandReason.Diverged));
        reply.Detail!.ShouldContain("initial state");
    }

    [Fact]
    public async Task An_environment_that_cannot_be_replayed_loses_its_instances()
    {
        foreach (var description in (string[])["""{"replayable":"no"}""", """{"replayable":"unknown"}""", "{}"])
        {
            await using var worker = await NewWorkerAsync(new FakeEnvironment { Description = description });
            await KillAsync(worker);

            var reply = await worker.SendAsync(worker.NewStep("{}"));

            (reply.End, reply.Reason).ShouldBe((CommandEnd.Failed, CommandReason.Lost));
            reply.Detail!.ShouldContain("lost");
            (await worker.RowAsync()).State.ShouldBe(InstanceState.Lost);
            (await worker.SendAsync(worker.NewCreate())).End.ShouldBe(CommandEnd.Completed, "the name is free again");
        }
    }

    [Fact]
    public async Task A_key_that_was_used_for_another_instance_loses_none_that_cannot_be_replayed()
    {
        await using var worker = await NewWorkerAsync(new FakeEnvironment { Description = """{"replayable":"no"}""" });
        (await worker.SendAsync(worker.NewCreate("other"))).End.ShouldBe(CommandEnd.Completed);
        var step = worker.NewStep("a", "other");
        (await worker.SendAsync(step)).End.ShouldBe(CommandEnd.Completed);

        var refused = await worker.SendAsync(step with { InstanceId = "i" });

        (refused.End, refused.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.Conflict));
        (await worker.StepAsync("b")).Step().ShouldBe(1);
    }

    [Fact]
    public async Task A_rebuild_that_fails_is_tried_again_by_the_next_command()
    {
        await using var worker = await NewWorkerAsync();
        await worker.StepAsync("a");
        await KillAsync(worker);
        var freeSlots = worker.Pool.FreeSlots;
        worker.Environment.Creating = (_, _) => throw new EnvironmentFailedException("not now");

        var failed = await worker.SendAsync(worker.NewStep("b"));
        worker.Pool.FreeSlots.ShouldBe(freeSlots);
        worker.Environment.Creating = (_, _) => Task.CompletedTask;

        failed.End.ShouldBe(CommandEnd.Failed);
        failed.Detail!.ShouldContain("not now");
        (await worker.StepAsync("c")).Step().ShouldBe(2);
    }

    [Fact]
    public async Task A_rebuild_that_takes_too_long_expires_with_its_command()
    {
        await using var worker = await NewWorkerAsync();
        await worker.StepAsync("a");
        await KillAsync(worker);
        var gate = new Gate();
        worker.Environment.Creating = (_, cancellationToken) => gate.PassAsync(cancellationToken);
        var sent = worker.SendAsync(worker.NewStep("b"));
        await gate.Arrived;

        store.Time.Advance(TimeSpan.FromMinutes(1));

        (await sent).End.ShouldBe(CommandEnd.Expired);
        gate.Open();
        (await worker.StepAsync("c")).Step().ShouldBe(2);
    }

    [Fact]
    public async Task An_instance_that_killed_its_workers_is_given_up()
    {
        await using var worker = await NewWorkerAsync();
        await worker.CrashAsync();
        var row = await worker.RowAsync();
        for (var attempt = 0; attempt < 5; attempt++) await store.Instances.TakeOverAsync(row, $"dead-{attempt}", TestContext.Current.CancellationToken);
        await using var next = await TestWorker.StartAsync(store);

        var reply = await next.SendAsync(worker.NewStep("{}"));

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Failed, CommandReason.Lost));
        next.Made.ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_rebuilds_run_a_few_at_a_time_and_hold_no_living_instance()
    {
        await using var worker = await NewWorkerAsync();
        for (var index = 0; index < 30; index++) await worker.CreateAsync($"i{index}");
        await KillAsync(worker);
        var gate = new Gate();
        var rebuilding = 0;
        worker.Environment.Creating = async (request, cancellationToken) =>
        {
            if (request.InnerId.EndsWith("-1", StringComparison.Ordinal)) return;
            Interlocked.Increment(ref rebuilding);
            await gate.PassAsync(cancellationToken);
        };
        var steps = Enumerable.Range(0, 30).Select(index => worker.SendAsync(worker.NewStep("{}", $"i{index}"))).ToList();
        await gate.Arrived;

        await worker.CreateAsync("fresh");
        (await worker.StepAsync("{}", "fresh")).Step().ShouldBe(1);
        Volatile.Read(ref rebuilding).ShouldBeLessThanOrEqualTo(8);
        gate.Open();

        (await Task.WhenAll(steps)).ShouldAllBe(reply => reply.End == CommandEnd.Completed);
    }

    private async Task<TestWorker> NewWorkerAsync(FakeEnvironment? environment = null)
    {
        var worker = await TestWorker.StartAsync(store, environment);
        await worker.CreateAsync();
        return worker;
    }

    /// <summary>Kills the container; the command that finds it dead fails, and those after it are for a rebuilt instance.</summary>
    private static async Task KillAsync(TestWorker worker)
    {
        worker.Runtime.Running[^1].Exit();
        foreach (var owner in worker.Owned.All)
        {
            await owner.Mailbox.RunAsync(() =>
            {
                owner.Disconnect();
                return Task.CompletedTask;
            });
        }
    }
}
