using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Pools;

public sealed class ContainerPoolTests : PoolTest
{
    [Fact]
    public async Task The_first_container_is_asked_what_it_serves()
    {
        var pool = NewPool(new EnvironmentOptions());

        var description = await SoonAsync(pool.DescribeAsync(Cancel));

        description.ToArray().ShouldBe(FakeProtocol.Description.ToArray());
        pool.Traits.Replayable.ShouldBeTrue();
        Runtime.Running.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Instances_spread_over_the_containers_that_run()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 2, MaxContainers = 2 });
        var slots = await AcquireAsync(pool, 4);
        foreach (var slot in slots) slot.Dispose();

        var again = await AcquireAsync(pool, 2);

        again.Select(slot => slot.Container.Id).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Those_who_wait_get_as_many_containers_at_once_as_they_need()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 2, MaxContainers = 10 });
        Runtime.Hold();

        var waiting = Enumerable.Range(0, 5).Select(_ => pool.AcquireAsync(Cancel)).ToList();

        await Runtime.AskedAsync(3);
        Runtime.Go();
        await SoonAsync(Task.WhenAll(waiting));
        Runtime.Started.Count.ShouldBe(3);
    }

    [Fact]
    public async Task No_more_than_the_maximum_run_and_the_next_waits_until_one_leaves()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 1, MaxContainers = 2 });
        var slots = await AcquireAsync(pool, 2);

        var third = pool.AcquireAsync(Cancel);
        third.IsCompleted.ShouldBeFalse();
        slots[1].Dispose();

        (await SoonAsync(third)).Container.ShouldBe(slots[1].Container);
        Runtime.Started.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Who_waited_longest_is_served_first()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 1 });
        var slots = await AcquireAsync(pool, 1);
        var first = pool.AcquireAsync(Cancel);
        var second = pool.AcquireAsync(Cancel);

        slots[0].Dispose();

        var served = await SoonAsync(first);
        second.IsCompleted.ShouldBeFalse();
        served.Dispose();
        await SoonAsync(second);
    }

    [Fact]
    public async Task Room_is_what_may_still_be_started_and_what_is_free_less_those_who_wait()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 2, MaxContainers = 2 });
        pool.FreeSlots.ShouldBe(4);

        var slots = await AcquireAsync(pool, 3);
        pool.FreeSlots.ShouldBe(1);
        slots.AddRange(await AcquireAsync(pool, 1));
        _ = pool.AcquireAsync(Cancel);
        pool.FreeSlots.ShouldBe(0);

        slots[0].Dispose();
        slots[0].Dispose();
        pool.FreeSlots.ShouldBe(0);
        slots[1].Dispose();
        pool.FreeSlots.ShouldBe(1);
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_no_place()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 1 });
        var slots = await AcquireAsync(pool, 1);
        using var attemptTimeout = new CancellationTokenSource();
        var waiting = pool.AcquireAsync(attemptTimeout.Token);

        await attemptTimeout.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(SoonAsync(waiting));
        slots[0].Dispose();

        pool.FreeSlots.ShouldBe(1);
        await AcquireAsync(pool, 1);
    }

    [Fact]
    public async Task A_start_goes_on_when_the_one_who_asked_has_given_up()
    {
        var pool = NewPool(new EnvironmentOptions());
        Runtime.Hold();
        using var attemptTimeout = new CancellationTokenSource();
        var waiting = pool.AcquireAsync(attemptTimeout.Token);
        await Runtime.AskedAsync(1);
        await attemptTimeout.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(SoonAsync(waiting));

        var next = pool.AcquireAsync(Cancel);
        Runtime.Go();

        await SoonAsync(next);
        Runtime.Started.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_failed_start_fails_those_it_was_for_and_the_next_tries_again()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 2, MaxContainers = 2 });
        Runtime.Failure = new ContainerException("the image is missing");
        Runtime.Hold();
        var waiting = Enumerable.Range(0, 5).Select(_ => pool.AcquireAsync(Cancel)).ToList();
        await Runtime.AskedAsync(2);

        Runtime.Go();

        foreach (var failed in waiting) (await Should.ThrowAsync<ContainerException>(SoonAsync(failed))).Message.ShouldBe("the image is missing");
        pool.FreeSlots.ShouldBe(4);
        Runtime.Failure = null;
        await AcquireAsync(pool, 1);
    }

    [Fact]
    public async Task What_exits_before_it_is_healthy_says_what_it_printed()
    {
        var pool = NewPool(new EnvironmentOptions());
        Runtime.Shape = container =>
        {
            container.Healthy = false;
            container.Exit();
        };

        var failure = await Should.ThrowAsync<ContainerException>(SoonAsync(pool.AcquireAsync(Cancel)));

        failure.Message.ShouldBe("the environment server of 'test' exited at once; it printed: its last words");
        await SoonAsync(Runtime.Started.Single().Ended);
    }

    [Fact]
    public async Task What_never_becomes_healthy_is_ended_and_says_what_it_printed()
    {
        var pool = NewPool(new EnvironmentOptions { StartTimeout = TimeSpan.FromSeconds(30) });
        var shaped = new TaskCompletionSource();
        Runtime.Shape = container =>
        {
            container.Healthy = false;
            shaped.SetResult();
        };
        var waiting = pool.AcquireAsync(Cancel);
        await SoonAsync(shaped.Task);

        Time.Advance(TimeSpan.FromSeconds(30));

        var failure = await Should.ThrowAsync<ContainerException>(SoonAsync(waiting));
        failure.Message.ShouldBe("the environment server of 'test' did not become healthy within 30 s; it printed: its last words");
        await SoonAsync(Runtime.Started.Single().Ended);
    }

    [Fact]
    public async Task A_container_that_exits_gives_its_room_back_and_its_instances_leave_later()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 2, MaxContainers = 1 });
        var slots = await AcquireAsync(pool, 2);

        Runtime.Started.Single().Exit();

        await SoonAsync(Runtime.Started.Single().Ended);
        pool.FreeSlots.ShouldBe(2);
        var fresh = await AcquireAsync(pool, 2);
        fresh[0].Container.ShouldNotBe(slots[0].Container);
        foreach (var slot in slots) slot.Dispose();
        pool.FreeSlots.ShouldBe(0);
    }

    [Fact]
    public async Task Who_waits_while_a_full_container_exits_gets_a_fresh_one()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 1 });
        await AcquireAsync(pool, 1);
        var waiting = pool.AcquireAsync(Cancel);

        Runtime.Started.Single().Exit();

        (await SoonAsync(waiting)).Container.Id.ShouldBe("container-2");
    }

    [Fact]
    public async Task Calls_without_an_instance_get_a_container_that_runs_or_a_fresh_one()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 1 });
        await AcquireAsync(pool, 1);

        // Full is no reason: it takes no place.
        (await SoonAsync(pool.AnyAsync(Cancel))).Id.ShouldBe("container-1");

        Runtime.Started.Single().Exit();
        (await SoonAsync(pool.AnyAsync(Cancel))).Id.ShouldBe("container-2");
        pool.FreeSlots.ShouldBe(1);
    }

    [Fact]
    public async Task The_end_of_a_pool_ends_its_containers_and_those_who_wait()
    {
        var pool = NewPool(new EnvironmentOptions { InstancesPerContainer = 1, MaxContainers = 2 });
        await pool.DescribeAsync(Cancel);
        await AcquireAsync(pool, 1);
        Runtime.Hold();
        var starting = pool.AcquireAsync(Cancel);
        var waiting = pool.AcquireAsync(Cancel);

        await SoonAsync(pool.DisposeAsync().AsTask());

        await Should.ThrowAsync<ContainerException>(SoonAsync(starting));
        await Should.ThrowAsync<ContainerException>(SoonAsync(waiting));
        await Should.ThrowAsync<ContainerException>(SoonAsync(pool.AcquireAsync(Cancel)));
        Runtime.Running.ShouldBeEmpty();
        Runtime.Started.ShouldAllBe(container => container.Ended.IsCompleted);
    }
}
