using Microsoft.Extensions.Time.Testing;
using SandQueue.Gateway.Ors.Sessions;

namespace SandQueue.Gateway.Tests.Ors.Sessions;

public sealed class DeferredTasksTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_tenant_that_asks_for_all_of_them_leaves_room_for_others_and_gets_its_own_back_with_time()
    {
        var tasks = new DeferredTasks(_time);
        var task = new SessionTask(Environment: null, TaskId: null, "train", 0, []);
        for (var index = 0; index < 1_000; index++) tasks.TryAdd("greedy", $"s-{index}", task).ShouldBeTrue();

        tasks.TryAdd("greedy", "one more", task).ShouldBeFalse();
        tasks.TryAdd("other", "s-0", task).ShouldBeTrue();
        tasks.Find("other", "s-0").ShouldBe(task);

        _time.Advance(TimeSpan.FromMinutes(16));
        tasks.Find("greedy", "s-0").ShouldBeNull();
        tasks.TryAdd("greedy", "one more", task).ShouldBeTrue();
    }
}
