using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Tests.Pools;

public sealed class PoolUpkeepTests : PoolTest
{
    [Fact]
    public async Task The_minimum_runs_before_anybody_asks()
    {
        var pool = NewPool(new EnvironmentOptions { MinContainers = 3, MaxContainers = 5 });

        await pool.DescribeAsync(Cancel);

        await Runtime.AskedAsync(3);
        await pool.Upkeep.CheckAsync(Cancel);
        Runtime.WasAskedAgain().ShouldBeFalse();
    }

    [Fact]
    public async Task The_idle_are_ended_down_to_the_minimum_and_not_before_their_time()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 1, MinContainers = 1, MaxContainers = 4, ShrinkAfter = TimeSpan.FromMinutes(5) });
        var slots = await AcquireAsync(pool, 4);
        foreach (var slot in slots.Skip(1)) slot.Dispose();

        Time.Advance(TimeSpan.FromMinutes(4.9));
        await pool.Upkeep.CheckAsync(Cancel);
        Runtime.Running.Count.ShouldBe(4);

        Time.Advance(TimeSpan.FromMinutes(0.2));
        await pool.Upkeep.CheckAsync(Cancel);
        foreach (var slot in slots.Skip(1)) await SoonAsync(((FakeContainer)slot.Container).Ended);
        Runtime.Running.ShouldBe([(FakeContainer)slots[0].Container]);
        pool.FreeSlots.ShouldBe(3);
    }

    [Fact]
    public async Task A_container_that_exited_is_replaced_without_being_asked_for()
    {
        var pool = NewPool(new EnvironmentOptions());
        await pool.DescribeAsync(Cancel);
        await Runtime.AskedAsync(1);
        Runtime.Started.Single().Exit();
        await SoonAsync(Runtime.Started.Single().Ended);

        Time.Advance(new EnvironmentOptions().CheckEvery);

        await Runtime.AskedAsync(1);
    }

    [Fact]
    public async Task A_container_that_answers_no_health_check_is_replaced()
    {
        var options = new EnvironmentOptions { InstancesPerContainer = 2, HealthTimeout = TimeSpan.FromSeconds(30) };
        var pool = NewPool(options);
        await AcquireAsync(pool, 2);
        await Runtime.AskedAsync(1);
        var sick = Runtime.Started.Single();
        sick.Healthy = false;

        var check = pool.Upkeep.CheckAsync(Cancel);
        Time.Advance(TimeSpan.FromSeconds(29));
        check.IsCompleted.ShouldBeFalse();
        Time.Advance(TimeSpan.FromSeconds(1));
        await SoonAsync(check);

        await SoonAsync(sick.Ended);
        await Runtime.AskedAsync(1);
        pool.FreeSlots.ShouldBe(2);
    }

    [Fact]
    public async Task What_does_not_start_is_tried_less_and_less_often()
    {
        var pool = NewPool(new EnvironmentOptions());
        Runtime.Failure = new ContainerException("no");
        var pauses = new List<int>();

        for (var tries = 0; tries < 6; tries++)
        {
            var checks = 0;
            for (; !Runtime.WasAskedAgain(); checks++) await CheckAndSettleAsync(pool);
            await Runtime.AskedAsync(1);
            pauses.Add(checks);
        }

        pauses.ShouldBe([1, 3, 5, 9, 17, 33]);
    }

    [Fact]
    public async Task A_container_that_has_served_enough_takes_no_more_and_ends_when_its_last_has_left()
    {
        var pool = NewPool(Recycled(new RecyclingOptions { AfterInstances = 3 }));
        var slots = await AcquireAsync(pool, 3);
        var old = (FakeContainer)slots[0].Container;

        // Its place goes to a fresh one at once: recycling costs no room.
        pool.FreeSlots.ShouldBe(10);
        (await AcquireAsync(pool, 1))[0].Container.ShouldNotBe(old);
        slots[0].Dispose();
        slots[1].Dispose();
        old.IsGone.ShouldBeFalse();
        slots[2].Dispose();

        await SoonAsync(old.Ended);
    }

    [Fact]
    public async Task Only_one_container_is_recycled_at_a_time()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 2, MinContainers = 0, MaxContainers = 2, Recycling = new RecyclingOptions { AfterAge = TimeSpan.FromHours(1) } });
        var slots = await AcquireAsync(pool, 4);
        var containers = slots.Select(slot => (FakeContainer)slot.Container).Distinct().ToList();
        Time.Advance(TimeSpan.FromHours(1));

        await pool.Upkeep.CheckAsync(Cancel);

        // One of two still counts, though it is due as well; a fresh one may start beside.
        pool.FreeSlots.ShouldBe(2);
        var first = containers.Single(container => container.Ended.IsCompleted || !IsTaking(pool, container));
        foreach (var slot in slots.Where(slot => slot.Container == first)) slot.Dispose();
        await SoonAsync(first.Ended);

        var second = containers.Single(container => container != first);
        second.IsGone.ShouldBeFalse();
        foreach (var slot in slots.Where(slot => slot.Container == second)) slot.Dispose();
        await SoonAsync(second.Ended);
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public async Task A_container_that_uses_too_much_memory_is_recycled(int megabytes, bool recycled)
    {
        var pool = NewPool(Recycled(new RecyclingOptions { AboveMemoryMb = 100 }));
        var slots = await AcquireAsync(pool, 1);
        var container = Runtime.Started.Single();
        container.Memory = (long)megabytes << 20;

        await pool.Upkeep.CheckAsync(Cancel);
        slots[0].Dispose();

        if (recycled) await SoonAsync(container.Ended);
        else container.IsGone.ShouldBeFalse();
    }

    [Fact]
    public async Task Recycling_keeps_the_minimum_running()
    {
        var pool = NewPool(Recycled(new RecyclingOptions { AfterInstances = 1 }));
        await pool.DescribeAsync(Cancel);
        await Runtime.AskedAsync(1);

        var slots = await AcquireAsync(pool, 1);

        await Runtime.AskedAsync(1);
        slots[0].Dispose();
        await SoonAsync(((FakeContainer)slots[0].Container).Ended);
    }

    /// <summary>Returns when the start that the check may have begun has failed.</summary>
    private static async Task CheckAndSettleAsync(ContainerPool pool)
    {
        await pool.Upkeep.CheckAsync(Cancel);
        await SoonAsync(pool.SettleAsync());
    }

    private static EnvironmentOptions Recycled(RecyclingOptions recycling) =>
        new() { InstancesPerContainer = 10, ReservedForRecovery = 0, MinContainers = 1, MaxContainers = 1, Recycling = recycling };

    private static bool IsTaking(ContainerPool pool, FakeContainer container) =>
        pool.Snapshot().Any(pooled => pooled.Container == container && pooled.TakesInstances);
}
