using SandQueue.Workers.Configuration;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Tests.Pools;

/// <summary>One tenant that asks for all slots, and another that comes later.</summary>
public sealed class TenantSharesTests : PoolTest
{
    private static readonly EnvironmentOptions Twenty = new() { InstancesPerContainer = 20, ReservedForRecovery = 0 };

    [Fact]
    public async Task A_tenant_alone_gets_all_slots()
    {
        var pool = NewPool(Twenty);
        for (var count = 0; count < 20; count++) await SoonAsync(pool.AcquireAsync(Cancel, tenant: "many"));
        pool.FreeSlots.ShouldBe(0);
    }

    [Fact]
    public async Task Of_the_last_tenth_the_one_that_has_fewer_is_served_first()
    {
        var pool = NewPool(Twenty);
        var slots = new List<Workers.Pools.ContainerSlot>();
        for (var count = 0; count < 20; count++) slots.Add(await SoonAsync(pool.AcquireAsync(Cancel, tenant: "many")));
        var more = pool.AcquireAsync(Cancel, tenant: "many");
        var first = pool.AcquireAsync(Cancel, tenant: "few");
        var second = pool.AcquireAsync(Cancel, tenant: "few");

        slots[0].Dispose();
        await SoonAsync(first);
        slots[1].Dispose();
        await SoonAsync(second);
        more.IsCompleted.ShouldBeFalse("the other waited later, and has fewer");

        slots[2].Dispose();
        await SoonAsync(more);
    }

    [Fact]
    public async Task Who_went_back_to_the_queue_counts_as_waiting_for_some_seconds()
    {
        var pool = NewPool(Twenty);
        var slots = new List<Workers.Pools.ContainerSlot>();
        for (var count = 0; count < 20; count++) slots.Add(await SoonAsync(pool.AcquireAsync(Cancel, tenant: "many")));
        using var attempt = new CancellationTokenSource();
        var given = pool.AcquireAsync(attempt.Token, tenant: "few");
        await attempt.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(SoonAsync(given));
        var more = pool.AcquireAsync(Cancel, tenant: "many");

        slots[0].Dispose();
        more.IsCompleted.ShouldBeFalse();
        await SoonAsync(pool.AcquireAsync(Cancel, tenant: "few"));
        slots[1].Dispose();
        await SoonAsync(more);
    }

    [Fact]
    public async Task Nobody_waits_for_a_tenant_that_does_not_come_back()
    {
        var pool = NewPool(Twenty);
        var slots = new List<Workers.Pools.ContainerSlot>();
        for (var count = 0; count < 20; count++) slots.Add(await SoonAsync(pool.AcquireAsync(Cancel, tenant: "many")));
        using var attempt = new CancellationTokenSource();
        var given = pool.AcquireAsync(attempt.Token, tenant: "few");
        await attempt.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(SoonAsync(given));
        var more = pool.AcquireAsync(Cancel, tenant: "many");
        slots[0].Dispose();
        more.IsCompleted.ShouldBeFalse();

        Time.Advance(TimeSpan.FromSeconds(6));
        await pool.Upkeep.CheckAsync(Cancel);

        await SoonAsync(more);
    }

    [Fact]
    public async Task What_is_recovered_waits_for_no_other_tenant()
    {
        var pool = NewPool(Twenty);
        var slots = new List<Workers.Pools.ContainerSlot>();
        for (var count = 0; count < 20; count++) slots.Add(await SoonAsync(pool.AcquireAsync(Cancel, tenant: "many")));
        var few = pool.AcquireAsync(Cancel, tenant: "few");
        var recovered = pool.AcquireAsync(Cancel, recovery: true, tenant: "many");

        slots[0].Dispose();

        await SoonAsync(recovered);
        few.IsCompleted.ShouldBeFalse();
    }
}
