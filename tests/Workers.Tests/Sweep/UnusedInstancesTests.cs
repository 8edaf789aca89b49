using SandQueue.Contracts;
using SandQueue.Storage.Model;
using SandQueue.Workers.Sweep;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Sweep;

public sealed class UnusedInstancesTests(WorkerStore store) : IClassFixture<WorkerStore>
{
    private static readonly TimeSpan ParkUnusedAfter = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_nobody_used_since_it_was_made_gives_its_slot_up_while_none_is_free()
    {
        await using var worker = await FullAsync();
        store.Time.Advance(ParkUnusedAfter + TimeSpan.FromSeconds(1));

        await worker.Get<UnusedInstances>().ParkAsync(Cancel);

        (await worker.RowAsync("unused")).State.ShouldBe(InstanceState.Parked);
        foreach (var used in (string[])["stepped", "described", "scored"]) (await worker.RowAsync(used)).State.ShouldBe(InstanceState.Live, used);
        worker.Pool.FreeSlots.ShouldBe(1);
        (await worker.CreateAsync("next")).End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task Its_first_command_rebuilds_it()
    {
        await using var worker = await FullAsync();
        store.Time.Advance(ParkUnusedAfter + TimeSpan.FromSeconds(1));
        await worker.Get<UnusedInstances>().ParkAsync(Cancel);

        (await worker.StepAsync("a", "unused")).Step().ShouldBe(1);

        store.Time.Advance(ParkUnusedAfter * 2);
        await worker.Get<UnusedInstances>().ParkAsync(Cancel);
        (await worker.RowAsync("unused")).State.ShouldBe(InstanceState.Live, "it was used");
    }

    [Fact]
    public async Task It_stays_while_a_slot_is_free()
    {
        await using var worker = await TestWorker.StartAsync(store, instances: 2, containers: 1);
        await worker.CreateAsync("unused");
        store.Time.Advance(ParkUnusedAfter * 2);

        await worker.Get<UnusedInstances>().ParkAsync(Cancel);

        (await worker.RowAsync("unused")).State.ShouldBe(InstanceState.Live);
    }

    [Fact]
    public async Task It_stays_while_its_caller_may_still_come()
    {
        await using var worker = await FullAsync();
        store.Time.Advance(ParkUnusedAfter - TimeSpan.FromSeconds(1));

        await worker.Get<UnusedInstances>().ParkAsync(Cancel);

        (await worker.RowAsync("unused")).State.ShouldBe(InstanceState.Live);
    }

    /// <summary>A worker without a free slot, of whose four instances one got no command.</summary>
    private async Task<TestWorker> FullAsync()
    {
        var worker = await TestWorker.StartAsync(store, instances: 4, containers: 1);
        foreach (var name in (string[])["unused", "stepped", "described", "scored"]) await worker.CreateAsync(name);
        await worker.StepAsync("a", "stepped");
        (await worker.SendAsync(worker.NewDescribe("described"))).End.ShouldBe(CommandEnd.Completed);
        (await worker.SendAsync(worker.NewEvaluate("scored"))).End.ShouldBe(CommandEnd.Completed);
        worker.Pool.FreeSlots.ShouldBe(0);
        return worker;
    }
}
