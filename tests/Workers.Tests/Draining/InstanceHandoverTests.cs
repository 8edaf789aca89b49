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
        await using var leaving = await NewWorkerAsync();
        var gate = new Gate();
        leaving.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var running = leaving.SendAsync(leaving.NewStep("a"));
        await gate.Arrived;

        leaving.Get<DrainState>().Begin();
        var handover = leaving.Get<InstanceHandover>().RunAsync(Cancel);
        gate.Open();
        await handover.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        (await running).Step().ShouldBe(1);
        var row = await leaving.RowAsync();
        (row.Owner, row.State, row.Attempts).ShouldBe((null, InstanceState.Live, 0));
        (leaving.Owned.Count, leaving.Made[0].IsReleased).ShouldBe((0, true));
        await using var next = await TestWorker.StartAsync(store);
        (await next.SendAsync(leaving.NewStep("b"))).Step().ShouldBe(2);
        (await next.Get<SandQueue.Storage.Instances.InstanceDirectory>().FindNewestAsync(leaving.Tenant, "i", Cancel))!.Attempts.ShouldBe(0);
    }

    [Fact]
    public async Task An_instance_is_handed_over_while_the_step_of_another_still_runs()
    {
        await using var leaving = await NewWorkerAsync();
        await leaving.CreateAsync("quiet");
        var gate = new Gate();
        leaving.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var running = leaving.SendAsync(leaving.NewStep("a"));
        await gate.Arrived;
        leaving.Get<DrainState>().Begin();

        var handover = leaving.Get<InstanceHandover>().RunAsync(Cancel);
        await Until.TrueAsync("handed over", async () => (await leaving.RowAsync("quiet")).Owner is null, TimeSpan.FromSeconds(10));

        await using var next = await TestWorker.StartAsync(store);
        (await next.SendAsync(leaving.NewStep("b", "quiet"))).Step().ShouldBe(1);
        ((await leaving.RowAsync()).Owner, handover.IsCompleted).ShouldBe((leaving.Name, false));
        gate.Open();
        await handover.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        (await running).Step().ShouldBe(1);
        (await leaving.RowAsync("quiet")).Owner.ShouldBe(next.Name, "what was handed over is not taken from its new owner");
        (await leaving.RowAsync()).Owner.ShouldBeNull();
    }

    [Fact]
    public async Task A_command_that_comes_to_a_worker_which_leaves_goes_to_the_shared_entry()
    {
        await using var leaving = await NewWorkerAsync();
        leaving.Get<DrainState>().Begin();
        await leaving.Get<InstanceHandover>().RunAsync(Cancel);

        var step = leaving.NewStep("a");
        _ = leaving.SendAsync(step);
        await Testing.Until.TrueAsync("forwarded", () => Task.FromResult(!leaving.Bus.Forwarded.IsEmpty), TimeSpan.FromSeconds(30));

        leaving.Bus.Forwarded.TryDequeue(out var forwarded).ShouldBeTrue();
        forwarded.Queue.ShouldContain("entry");
        ((Envelope<StepInstance>)forwarded.Envelope).Commands.Single().CommandId.ShouldBe(step.CommandId);
        leaving.Made.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_cannot_be_replayed_is_waited_for()
    {
        await using var leaving = await NewWorkerAsync(Unreplayable);
        leaving.Get<DrainState>().Begin();

        var handover = leaving.Get<InstanceHandover>().RunAsync(Cancel);
        (await leaving.StepAsync("a")).Step().ShouldBe(1);
        (await leaving.SendAsync(leaving.NewRelease())).End.ShouldBe(CommandEnd.Completed);
        await Testing.Until.TrueAsync("left", () => Advance(handover), TimeSpan.FromSeconds(30));

        (await leaving.RowAsync()).State.ShouldBe(InstanceState.Released);
    }

    [Fact]
    public async Task What_cannot_be_replayed_is_lost_when_the_time_is_up()
    {
        await using var leaving = await NewWorkerAsync(Unreplayable);
        leaving.Get<DrainState>().Begin();
        var handover = leaving.Get<InstanceHandover>().RunAsync(Cancel);

        store.Time.Advance(TimeSpan.FromSeconds(20));
        await Testing.Until.TrueAsync("left", () => Advance(handover), TimeSpan.FromSeconds(30));

        var row = await leaving.RowAsync();
        (row.State, leaving.Owned.Count).ShouldBe((InstanceState.Lost, 0));
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
