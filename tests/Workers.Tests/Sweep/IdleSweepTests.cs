using SandQueue.Contracts;
using SandQueue.Storage.Model;
using SandQueue.Workers.Sweep;
using SandQueue.Workers.Tests.Fakes;
using SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

namespace SandQueue.Workers.Tests.Sweep;

public sealed class IdleSweepTests(WorkerStore store) : IClassFixture<WorkerStore>
{
    private static readonly TimeSpan ParkAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan ReleaseAfter = TimeSpan.FromHours(24);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_nobody_used_for_a_while_is_parked_and_its_next_command_rebuilds_it()
    {
        await using var worker = await TestWorker.StartAsync(store);
        await worker.CreateAsync();
        await worker.StepAsync("a");
        var freeSlots = worker.Pool.FreeSlots;
        store.Time.Advance(ParkAfter + TimeSpan.FromSeconds(1));

        await worker.Get<IdleSweep>().RunAsync(Cancel);

        var parked = await worker.RowAsync();
        (parked.State, parked.Owner, parked.EndedAt).ShouldBe((InstanceState.Parked, null, null));
        (worker.Owned.Count, worker.Pool.FreeSlots).ShouldBe((0, freeSlots + 1));
        worker.Made[0].IsReleased.ShouldBeTrue();
        (await worker.StepAsync("b")).Step().ShouldBe(2);
        worker.Made[1].Done.ShouldBe(["a", "b"]);
        var live = await worker.RowAsync();
        (live.State, live.Owner, live.Recoveries, live.Attempts).ShouldBe((InstanceState.Live, worker.Name, 1, 0));
    }

    [Fact]
    public async Task Many_idle_instances_are_parked_and_the_one_that_was_used_is_not()
    {
        await using var worker = await TestWorker.StartAsync(store);
        string[] names = [.. Enumerable.Range(0, 60).Select(index => $"i{index}")];
        foreach (var name in names) await worker.CreateAsync(name);
        store.Time.Advance(ParkAfter + TimeSpan.FromSeconds(1));
        await worker.StepAsync("a", "i7");

        await worker.Get<IdleSweep>().RunAsync(Cancel);

        foreach (var name in names) (await worker.RowAsync(name)).State.ShouldBe(name == "i7" ? InstanceState.Live : InstanceState.Parked, name);
        worker.Owned.Count.ShouldBe(1);
        (await Task.WhenAll(names.Select(name => worker.StepAsync("b", name)))).Count(reply => reply.Step() == 1).ShouldBe(59);
    }

    [Fact]
    public async Task A_parked_instance_is_released_without_being_rebuilt()
    {
        await using var worker = await TestWorker.StartAsync(store);
        await worker.CreateAsync("asked");
        await worker.CreateAsync("forgotten");
        store.Time.Advance(ParkAfter * 2);
        await worker.Get<IdleSweep>().RunAsync(Cancel);

        (await worker.SendAsync(worker.NewRelease("asked"))).End.ShouldBe(CommandEnd.Completed);
        store.Time.Advance(ReleaseAfter);
        await worker.Get<IdleSweep>().RunAsync(Cancel);

        (await worker.RowAsync("asked")).State.ShouldBe(InstanceState.Released);
        (await worker.RowAsync("forgotten")).State.ShouldBe(InstanceState.Released);
        worker.Made.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_cannot_be_replayed_is_never_parked()
    {
        await using var worker = await TestWorker.StartAsync(store, new FakeEnvironment { Description = """{"replayable":"no"}""" });
        await worker.CreateAsync();
        store.Time.Advance(ParkAfter * 2);

        await worker.Get<IdleSweep>().RunAsync(Cancel);

        (await worker.RowAsync()).State.ShouldBe(InstanceState.Live);
        (await worker.StepAsync("a")).Step().ShouldBe(1);
    }

    [Fact]
    public async Task An_instance_whose_command_hangs_does_not_hold_the_sweep_up()
    {
        await using var worker = await TestWorker.StartAsync(store);
        await worker.CreateAsync();
        var gate = new Gate();
        worker.Environment.Stepping = (_, _, _) => gate.PassAsync(CancellationToken.None);
        var step = worker.SendAsync(worker.NewStep("{}") with { RemainingMs = int.MaxValue });
        await gate.Arrived;
        store.Time.Advance(ParkAfter * 2);

        var sweep = worker.Get<IdleSweep>().RunAsync(Cancel);
        store.Time.Advance(TimeSpan.FromMinutes(2));
        await sweep.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        gate.Open();
        (await step).End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task What_nobody_used_for_long_is_released_and_nothing_else()
    {
        await using var worker = await TestWorker.StartAsync(store);
        foreach (var name in (string[])["idle", "stepped", "described"]) await worker.CreateAsync(name);
        store.Time.Advance(ReleaseAfter / 2);
        await worker.StepAsync("{}", "stepped");
        await worker.SendAsync(worker.NewDescribe("described"));
        store.Time.Advance(ReleaseAfter / 2 + TimeSpan.FromSeconds(1));

        await worker.Get<IdleSweep>().RunAsync(Cancel);

        var idle = await worker.RowAsync("idle");
        (idle.State, idle.EndDetail).ShouldBe((InstanceState.Released, "was released as idle (unused for more than 86400 s)"));
        (await worker.SendAsync(worker.NewStep("{}", "idle"))).Reason.ShouldBe(CommandReason.Released);
        (await worker.StepAsync("{}", "stepped")).Step().ShouldBe(2);
        (await worker.StepAsync("{}", "described")).Step().ShouldBe(1);
        worker.Owned.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_running_step_is_never_cut()
    {
        await using var worker = await TestWorker.StartAsync(store);
        await worker.CreateAsync();
        var gate = new Gate();
        worker.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var step = worker.SendAsync(worker.NewStep("{}") with { RemainingMs = int.MaxValue });
        await gate.Arrived;
        store.Time.Advance(ReleaseAfter * 2);

        var sweep = worker.Get<IdleSweep>().RunAsync(Cancel);
        sweep.IsCompleted.ShouldBeFalse();
        gate.Open();
        await sweep;

        (await step).End.ShouldBe(CommandEnd.Completed);
        (await worker.RowAsync()).State.ShouldBe(InstanceState.Live, "idle counts from the end of its step");
    }

    [Fact]
    public async Task A_command_that_came_before_the_sweep_keeps_the_instance()
    {
        await using var worker = await TestWorker.StartAsync(store);
        await worker.CreateAsync();
        var gate = new Gate();
        worker.Environment.Stepping = (_, action, cancellationToken) => action == "slow" ? gate.PassAsync(cancellationToken) : Task.CompletedTask;
        var slow = worker.SendAsync(worker.NewStep("slow") with { RemainingMs = int.MaxValue });
        await gate.Arrived;
        var waiting = worker.SendAsync(worker.NewStep("{}") with { RemainingMs = int.MaxValue });
        store.Time.Advance(ReleaseAfter * 2);

        var sweep = worker.Get<IdleSweep>().RunAsync(Cancel);
        gate.Open();
        await Task.WhenAll(slow, waiting, sweep);

        (await worker.StepAsync("{}")).Step().ShouldBe(3);
    }

    [Fact]
    public async Task What_a_dead_worker_left_behind_is_released_too()
    {
        await using var dead = await TestWorker.StartAsync(store);
        await dead.CreateAsync();
        await dead.CrashAsync();
        await using var worker = await TestWorker.StartAsync(store);
        await worker.Get<IdleSweep>().RunAsync(Cancel);
        (await dead.RowAsync()).State.ShouldBe(InstanceState.Live);
        store.Time.Advance(ReleaseAfter + TimeSpan.FromSeconds(1));

        await worker.Get<IdleSweep>().RunAsync(Cancel);

        (await dead.RowAsync()).State.ShouldBe(InstanceState.Released);
    }

    [Fact]
    public async Task What_names_this_worker_and_is_not_held_by_it_is_parked_and_released_too()
    {
        await using var other = await TestWorker.StartAsync(store);
        await other.CreateAsync();
        await using var worker = await TestWorker.StartAsync(store);
        foreach (var name in (string[])["idle", "used"])
        {
            await worker.CreateAsync(name);
            await worker.StepAsync("a", name);
        }

        store.Time.Advance(ParkAfter);
        await worker.StepAsync("b", "used");
        store.Time.Advance(TimeSpan.FromSeconds(1));
        foreach (var owner in worker.Owned.All) worker.Owned.GiveUp(owner);

        await worker.Get<IdleSweep>().RunAsync(Cancel);

        var idle = await worker.RowAsync("idle");
        (idle.State, idle.Owner).ShouldBe((InstanceState.Parked, null));
        (await worker.RowAsync("used")).Owner.ShouldBe(worker.Name, "it is not idle");
        (await other.RowAsync()).Owner.ShouldBe(other.Name, "it is another worker's, which lives");

        store.Time.Advance(ReleaseAfter);
        await worker.Get<IdleSweep>().RunAsync(Cancel);

        foreach (var name in (string[])["idle", "used"]) (await worker.RowAsync(name)).State.ShouldBe(InstanceState.Released, name);
        (await other.RowAsync()).EndedAt.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_taken_over_while_the_sweep_looks_stays()
    {
        await using var dead = await TestWorker.StartAsync(store);
        await dead.CreateAsync();
        await dead.StepAsync("a");
        await dead.CrashAsync();
        store.Time.Advance(ParkAfter * 2);
        await using var worker = await TestWorker.StartAsync(store);
        var gate = new Gate();
        worker.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var step = worker.SendAsync(dead.NewStep("b") with { RemainingMs = int.MaxValue });
        await gate.Arrived;

        var sweep = worker.Get<IdleSweep>().RunAsync(Cancel);
        gate.Open();
        await Task.WhenAll(step, sweep);

        (await step).Step().ShouldBe(2);
        var row = await dead.RowAsync();
        (row.State, row.Owner).ShouldBe((InstanceState.Live, worker.Name));
    }

    [Fact]
    public async Task What_cannot_be_removed_keeps_nothing_else_from_being_swept()
    {
        await using var worker = await TestWorker.StartAsync(store, settings: ("Worker:KeepEpisodes", "2.00:00:00"));
        worker.Runtime.LeftoversFailure = new InvalidOperationException("no path reaches it");
        await worker.CreateAsync();
        await worker.SendAsync(worker.NewRelease("i"));
        store.Time.Advance(TimeSpan.FromDays(3));

        await worker.Get<IdleSweep>().RunAsync(Cancel);

        (await worker.RowAsync()).ShouldBeNull("retention comes after what could not be removed");
    }

    [Fact]
    public async Task A_sweep_that_ran_before_has_nothing_left_to_do()
    {
        await using var worker = await TestWorker.StartAsync(store);
        await worker.CreateAsync();
        store.Time.Advance(ReleaseAfter * 2);
        await Task.WhenAll(worker.Get<IdleSweep>().RunAsync(Cancel), worker.Get<IdleSweep>().RunAsync(Cancel));

        (await worker.EpisodeAsync()).Count(entry => entry.Kind == JournalKind.Release).ShouldBe(1);
    }
}
