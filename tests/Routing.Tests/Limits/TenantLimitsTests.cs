using SandQueue.Routing.Limits;

namespace SandQueue.Routing.Tests.Limits;

public sealed class TenantLimitsTests
{
    [Fact]
    public void What_a_tenant_does_not_name_is_as_for_everyone()
    {
        var limits = new TenantLimits
        {
            LiveInstances = 1,
            CommandsAtOnce = 2,
            StepsPerSecond = 3,
            CreatesAtOnce = 4,
            JournalBytes = 5_000_000_000,
            Tenants = { ["all"] = new OwnLimits { LiveInstances = 10, CommandsAtOnce = 20, StepsPerSecond = 30, CreatesAtOnce = 40, JournalBytes = 0 }, ["none"] = new OwnLimits() },
        };

        Values("all").ShouldBe((10, 20, 30, 40, 0));
        Values("none").ShouldBe((1, 2, 3, 4, 5_000_000_000));
        Values("other").ShouldBe((1, 2, 3, 4, 5_000_000_000));

        (int, int, int, int, long) Values(string tenant)
        {
            var own = limits.Of(tenant);
            return (own.LiveInstances, own.CommandsAtOnce, own.StepsPerSecond, own.CreatesAtOnce, own.JournalBytes);
        }
    }

    [Fact]
    public void Asking_with_every_command_makes_nothing()
    {
        var limits = new TenantLimits { Tenants = { ["a"] = new OwnLimits { LiveInstances = 10 } } };
        var first = (limits.Of("a"), limits.Of("b"));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _ = (limits.Of("a"), limits.Of("b"));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        limits.Of("a").ShouldBeSameAs(first.Item1);
        limits.Of("b").ShouldBeSameAs(limits);
    }
}
