using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Workers.Draining;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Tests.Fakes;
using SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

namespace SandQueue.Workers.Tests.Draining;

public sealed class InstanceHandoverTests(WorkerStore store) : IClassFixture<WorkerStore>
{
    private static readonly FakeEnvironment Unreplayable = new() { Description = """{"replayable":"no"}""" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_runs_is_finished_and_the_next_worker_goes_on()
    {
        await using var draining = await NewWorkerAsync();
        var gate = new Gate();
        draining.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var running = draining.SendAsync(draining.NewStep("a"));
        await gate.Arrived;

        draining.Get<DrainState>().Begin();
        var handover = draining.Get<InstanceHandover>().RunAsync(Cancel);
        gate.Open();
        await handover.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        (await running).Step().ShouldBe(1);
        var row = await draining.RowAsync();
        (row.Owner, row.State, row.Attempts).ShouldBe((null, InstanceState.Live, 0));
        (draining.Owned.Count, draining.Made[0].IsReleased).ShouldBe((0, true));
        await using var next = await TestWorker.StartAsync(store);
        (await next.SendAsync(draining.NewStep("b"))).Step().ShouldBe(2);
        (await next.Get<SandQueue.Storage.Instances.InstanceDirectory>().FindNewestAsync(draining.Tenant, "i", Cancel))!.Attempts.ShouldBe(0);
    }

    [Fact]
    public async Task An_instance_is_handed_over_while_the_step_of_another_still_runs()
    {
        await using var draining = await NewWorkerAsync();
        await draining.CreateAsync("quiet");
        var gate = new Gate();
        draining.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var running = draining.SendAsync(draining.NewStep("a"));
        await gate.Arrived;
        draining.Get<DrainState>().Begin();

        var handover = draining.Get<InstanceHandover>().RunAsync(Cancel);
        await Until.TrueAsync("handed over", async () => (await draining.RowAsync("quiet")).Owner is null, TimeSpan.FromSeconds(10));

        await using var next = await TestWorker.StartAsync(store);
        (await next.SendAsync(draining.NewStep("b", "quiet"))).Step().ShouldBe(1);
        ((await draining.RowAsync()).Owner, handover.IsCompleted).ShouldBe((draining.Name, false));
        gate.Open();
        await handover.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        (await running).Step().ShouldBe(1);
        (await draining.RowAsync("quiet")).Owner.ShouldBe(next.Name, "what was handed over is not taken from its new owner");
        (await draining.RowAsync()).Owner.ShouldBeNull();
    }

    [Fact]
    public async Task A_command_that_comes_to_a_draining_worker_goes_to_the_shared_entry()
    {
        await using var draining = await NewWorkerAsync();
        draining.Get<DrainState>().Begin();
        await draining.Get<InstanceHandover>().RunAsync(Cancel);

        var step = draining.NewStep("a");
        _ = draining.SendAsync(step);
        await Testing.Until.TrueAsync("forwarded", () => Task.FromResult(!draining.Bus.Forwarded.IsEmpty), TimeSpan.FromSeconds(30));

        draining.Bus.Forwarded.TryDequeue(out var forwarded).ShouldBeTrue();
        forwarded.Queue.ShouldContain("entry");
        ((Envelope<StepInstance>)forwarded.Envelope).Commands.Single().CommandId.ShouldBe(step.CommandId);
        draining.Made.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_cannot_be_replayed_is_waited_for()
    {
        await using var draining = await NewWorkerAsync(Unreplayable);
        draining.Get<DrainState>().Begin();

        var handover = draining.Get<InstanceHandover>().RunAsync(Cancel);
        (await draining.StepAsync("a")).Step().ShouldBe(1);
        (await draining.SendAsync(draining.NewRelease())).End.ShouldBe(CommandEnd.Completed);
        await Testing.Until.TrueAsync("left", () => Advance(handover), TimeSpan.FromSeconds(30));

        (await draining.RowAsync()).State.ShouldBe(InstanceState.Released);
    }

    [Fact]
    public async Task What_cannot_be_replayed_is_lost_when_the_time_is_up()
    {
        await using var draining = await NewWorkerAsync(Unreplayable);
        draining.Get<DrainState>().Begin();
        var handover = draining.Get<InstanceHandover>().RunAsync(Cancel);

        store.Time.Advance(TimeSpan.FromSeconds(20));
        await Testing.Until.TrueAsync("left", () => Advance(handover), TimeSpan.FromSeconds(30));

        var row = await draining.RowAsync();
        (row.State, draining.Owned.Count).ShouldBe((InstanceState.Lost, 0));
        row.EndDetail!.ShouldContain("its worker was drained");
    }

    private async Task<TestWorker> NewWorkerAsync(FakeEnvironment? environment = null)
    {
        var worker = await TestWorker.StartAsync(store, environment);
        await worker.CreateAsync();
        return worker;
    }

    private Task<bool> Advance(Task handover)
    {
        store.Time.Advance(TimeSpan.FromMilliseconds(100));
        return Task.FromResult(handover.IsCompleted);
    }
}
