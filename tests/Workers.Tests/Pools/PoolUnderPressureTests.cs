using SandQueue.Contracts;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Pools;

/// <summary>Many instances that come and go at once, while containers exit and are recycled under them.</summary>
public sealed class PoolUnderPressureTests : PoolTest
{
    private const int Tenants = 32;
    private const int Rounds = 100;

    [Fact]
    public async Task Everybody_gets_a_place_and_no_container_holds_too_many()
    {
        var options = new EnvironmentOptions
        {
            InstancesPerContainer = 3,
            MinContainers = 2,
            MaxContainers = 4,
            ReservedForRecovery = 0,
            Recycling = new RecyclingOptions { AfterInstances = 20 },
        };
        var pool = NewPool(options);
        await pool.DescribeAsync(Cancel);
        var most = 0;

        await SoonAsync(Task.WhenAll(Enumerable.Range(0, Tenants).Select(tenant => Task.Run(() => PlayAsync(new Random(tenant)), Cancel))));

        // One beside the maximum, while it empties.
        most.ShouldBeInRange(1, options.MaxContainers + 1);
        await pool.SettleAsync();
        pool.FreeSlots.ShouldBe(options.InstancesPerContainer * options.MaxContainers);
        pool.Snapshot().ShouldAllBe(container => container.Instances == 0);
        Runtime.Running.Count.ShouldBe(pool.Snapshot().Count);

        async Task PlayAsync(Random chance)
        {
            for (var round = 0; round < Rounds; round++)
            {
                using var slot = await pool.AcquireAsync(Cancel);
                var containers = pool.Snapshot();
                containers.ShouldAllBe(container => container.Instances <= options.InstancesPerContainer);
                Interlocked.Exchange(ref most, Math.Max(most, containers.Count(container => !container.Container.Exited.IsCancellationRequested)));
                if (chance.Next(100) == 0) ((FakeContainer)slot.Container).Exit();
                await Task.Yield();
            }
        }
    }
}
