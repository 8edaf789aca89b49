using SandQueue.Contracts;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Tests.RestV1.Answers;

public sealed class ActivityViewTests
{
    private const long Now = 1_700_000_000_000;

    [Fact]
    public void Failures_are_counted_by_cause_with_the_reason_and_the_instance_of_the_newest()
    {
        RecentEnd[] recent =
        [
            Failed("theirs", at: Now - 1, episode: 8, "it threw"),
            Failed("mine", at: Now - 2, episode: 7, "it fell"),
            new("mine", JournalKind.Create, CommandEnd.Rejected, FailureCause.Caller, 0, Now - 3, EpisodeId: null, "no such task", Target: "lake 4x4-x"),
            new("mine", JournalKind.Evaluate, CommandEnd.Failed, FailureCause.Agent, 0, Now - 3, EpisodeId: null, "it threw", Target: "walk-9"),
            new("mine", JournalKind.Step, CommandEnd.Completed, Cause: null, 1, Now - 4, EpisodeId: 7),
        ];

        var view = ActivityView.Of(recent, begin: null, Now, new Dictionary<string, int>(), _ => 0).Named(new Dictionary<long, string> { [8] = "walk-8", [7] = "walk-7" });

        view.Failures.ShouldBe([
            new EndCount("step", "failed", "infrastructure", 2, "it threw", "theirs", "walk-8", 8),
            new EndCount("create", "rejected", "caller", 1, "no such task", "mine", null, null),
            new EndCount("evaluate", "failed", "agent", 1, "it threw", "mine", "walk-9", null)]);
        view.Named(new Dictionary<long, string>()).Failures[0].InstanceId.ShouldBeNull("its episode is gone");
    }

    private static RecentEnd Failed(string tenant, long at, long episode, string detail) => new(tenant, JournalKind.Step, CommandEnd.Failed, FailureCause.Infrastructure, 0, at, episode, detail);
}
