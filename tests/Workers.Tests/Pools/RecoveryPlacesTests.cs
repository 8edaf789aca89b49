using SandQueue.Testing;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Pools;

/// <summary>Places for what was made before: kept free, given first, and alone where a container's end is in question.</summary>
public sealed class RecoveryPlacesTests : PoolTest
{
    [Fact]
    public async Task New_instances_leave_a_tenth_of_all_places_to_those_that_are_rebuilt()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 10, MaxContainers = 2 });
        pool.FreeSlots.ShouldBe(18);
        await AcquireAsync(pool, 18);

        var fresh = pool.AcquireAsync(Cancel);
        fresh.IsCompleted.ShouldBeFalse();
        pool.FreeSlots.ShouldBe(0);

        await SoonAsync(pool.AcquireAsync(Cancel, recovery: true));
        await SoonAsync(pool.AcquireAsync(Cancel, recovery: true));
        fresh.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Where_all_wait_the_rebuilt_go_first()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 1, MaxContainers = 1, ReservedForRecovery = 0 });
        var slot = (await AcquireAsync(pool, 1))[0];
        var fresh = pool.AcquireAsync(Cancel);
        var first = pool.AcquireAsync(Cancel, recovery: true);
        var second = pool.AcquireAsync(Cancel, recovery: true);

        slot.Dispose();
        (await SoonAsync(first)).Dispose();
        (await SoonAsync(second)).Dispose();

        (await SoonAsync(fresh)).Container.ShouldBe(slot.Container);
    }

    [Fact]
    public async Task A_container_for_one_alone_takes_no_other_and_ends_with_it()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 10, MaxContainers = 1 });
        var shared = (await AcquireAsync(pool, 1))[0];
        var freeSlots = pool.FreeSlots;

        var isolated = await SoonAsync(pool.StartIsolatedAsync(Cancel));

        (isolated.IsIsolated, shared.IsIsolated).ShouldBe((true, false));
        (await AcquireAsync(pool, 3)).ShouldAllBe(slot => slot.Container == shared.Container);
        pool.FreeSlots.ShouldBe(freeSlots - 3);
        isolated.Dispose();
        await SoonAsync(((FakeContainer)isolated.Container).Ended);
        ((FakeContainer)shared.Container).IsGone.ShouldBeFalse();
    }

    [Fact]
    public async Task Only_two_run_alone_at_once()
    {
        var pool = NewPool(new EnvironmentOptions());
        var running = new[] { await SoonAsync(pool.StartIsolatedAsync(Cancel)), await SoonAsync(pool.StartIsolatedAsync(Cancel)) };

        var third = pool.StartIsolatedAsync(Cancel);
        third.IsCompleted.ShouldBeFalse();
        running[0].Dispose();

        (await SoonAsync(third)).Dispose();
        running[1].Dispose();
    }

    [Fact]
    public async Task A_container_in_which_a_call_hung_takes_nobody_until_it_has_answered()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 10, MaxContainers = 2 });
        var slot = (await AcquireAsync(pool, 1))[0];
        var hung = (FakeContainer)slot.Container;
        hung.Healthy = false;

        slot.Quarantine();

        (await AcquireAsync(pool, 1))[0].Container.ShouldNotBe(hung);
        await Testing.Until.TrueAsync(
            "ended",
            () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(hung.Ended.IsCompleted);
            },
            TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task One_that_answers_is_used_again()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 10, MaxContainers = 1 });
        var slot = (await AcquireAsync(pool, 1))[0];

        slot.Quarantine();
        await SoonAsync(pool.SettleAsync());

        (await AcquireAsync(pool, 1))[0].Container.ShouldBe(slot.Container);
    }

    [Fact]
    public async Task One_in_which_a_call_goes_on_is_drained_and_replaced_though_it_answers()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 10, MaxContainers = 1, CallTimeout = TimeSpan.FromSeconds(20) });
        var slots = await AcquireAsync(pool, 2);
        var busy = (FakeContainer)slots[0].Container;
        busy.LongestCall = TimeSpan.FromSeconds(21);

        slots[0].Quarantine();

        await AdvanceUntilAsync("drained", () => pool.Snapshot().Any(container => container.Container == busy && container.Due is not null));
        (await AcquireAsync(pool, 1))[0].Container.ShouldNotBe(busy);
        slots[0].Dispose();
        busy.IsGone.ShouldBeFalse("another instance is still in it");
        slots[1].Dispose();
        await SoonAsync(busy.Ended);
    }

    [Fact]
    public async Task One_whose_late_call_ends_is_used_again()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 10, MaxContainers = 1, CallTimeout = TimeSpan.FromSeconds(20) });
        var slot = (await AcquireAsync(pool, 1))[0];
        var late = (FakeContainer)slot.Container;
        late.LongestCall = TimeSpan.FromSeconds(21);
        slot.Quarantine();

        late.LongestCall = TimeSpan.Zero;
        await AdvanceUntilAsync("used again", () => pool.Snapshot().All(container => !container.Quarantined));

        (await AcquireAsync(pool, 1))[0].Container.ShouldBe(late);
    }

    private Task AdvanceUntilAsync(string what, Func<bool> holds) => Testing.Until.TrueAsync(
        what,
        () =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(holds());
        },
        TimeSpan.FromSeconds(30));
}
