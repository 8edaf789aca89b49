using SandQueue.Dashboard.Overview;

namespace SandQueue.Dashboard.Tests.Overview;

public sealed class AttentionTests
{
    private static readonly ServedEnvironment Lake = new("lake", 1, Unlimited: false, "maps", []);

    [Fact]
    public void A_tenant_that_has_all_it_may_have_is_named_and_one_without_a_limit_never()
    {
        var found = Attention.Of([Lake], workers: null, [new("full", 60, 60, 0, 0), new("free", 59, 60, 0, 0), new("boundless", 90_000, 0, 0, 0)], [], [], DateTimeOffset.UnixEpoch);

        found.Single().Text.ShouldStartWith("full has all 60 instances that it may have: its creates are refused.");
        found.Single().IsUrgent.ShouldBeFalse();
    }

    [Fact]
    public void An_environment_without_a_free_slot_comes_before_what_is_less_urgent()
    {
        var worker = new LivingWorker("w", "h", "1", Draining: true, 0, [new WorkerRoom("lake", FreeSlots: 0, LiveInstances: 9)], DateTimeOffset.UnixEpoch);

        var found = Attention.Of([Lake], [worker], [], [], [], DateTimeOffset.UnixEpoch);

        found.Select(item => item.IsUrgent).ShouldBe([true, false]);
        found[0].Text.ShouldStartWith("lake is full");
    }
}
