using System.Diagnostics;
using SandQueue.Contracts;
using SandQueue.Rollouts.Reports;
using SandQueue.Rollouts.Results;

namespace SandQueue.Rollouts.Tests.Reports;

public sealed class BatchTallyTests
{
    [Fact]
    public void Failures_are_counted_by_cause_and_never_in_the_mean()
    {
        var report = Some.Tally(
            Some.Valid("a", 1), Some.Valid("a", 0, 1), Some.Valid("b", 1), Some.Failed("b", RolloutCause.Policy, "429", 1), Some.Failed("c", RolloutCause.Cancelled, "cancelled")).ToReport(Some.Batch(5));

        (report.Coverage.Items, report.Coverage.Ended, report.Coverage.Valid, report.Coverage.Trainable).ShouldBe((5, 5, 3, 3));
        report.Coverage.Causes.ShouldBe(new Dictionary<string, int> { ["cancelled"] = 1, ["policy"] = 1 }, ignoreOrder: true);
        report.Coverage.Ends["completed"].ShouldBe(3);
        report.Coverage.Ends["failed"].ShouldBe(1);
        report.Coverage.Ends["cancelled"].ShouldBe(1);
        report.Coverage.Ends["rejected"].ShouldBe(0);
        report.Reward!.Mean.ShouldBe(2 / 3.0, 1e-12);
        report.Coverage.Bounds.ShouldBe(new(0.4, 0.8));
    }

    [Fact]
    public void A_report_of_a_batch_that_runs_says_so_and_bounds_what_has_not_ended()
    {
        var report = Some.Tally(Some.Valid("a", 1)).ToReport(Some.Batch(4, "running"));

        report.IsFinal.ShouldBeFalse();
        report.Notes[0].ShouldContain("This batch is running: 1 of 4 rollouts have ended");
        report.Coverage.Bounds.ShouldBe(new(0.25, 1));
        report.Coverage.BoundsNote.ShouldContain("have not ended");
    }

    [Fact]
    public void Rewards_that_are_no_shares_have_no_bounds_and_it_is_said()
    {
        var report = Some.Tally(Some.Valid("a", 17), Some.Failed("b", RolloutCause.Environment, "x")).ToReport(Some.Batch(2));

        report.Coverage.Bounds.ShouldBeNull();
        report.Coverage.BoundsNote.ShouldContain("not all from 0 to 1");
    }

    [Fact]
    public void Groups_say_how_many_of_their_members_are_trainable()
    {
        var groups = Some.Tally(
            Some.Valid("even", 1), Some.Valid("even", 1, 1), Some.Valid("mixed", 1), Some.Valid("mixed", 0, 1),
            Some.Valid("short", 1), Some.Failed("short", RolloutCause.Policy, "x", 1), Some.Failed("none", RolloutCause.Policy, "x")).ToReport(Some.Batch(7)).Groups;

        (groups.Count, groups.Complete, groups.Partial, groups.Without, groups.OneReward).ShouldBe((4, 2, 1, 1, 1));
        groups.Listed.Select(group => (group.TaskId, group.Trainable, group.Members)).ShouldBe([("none", 0, 1), ("short", 1, 2), ("mixed", 2, 2), ("even", 2, 2)]);
    }

    [Fact]
    public void Rewards_are_shown_with_and_without_retried_rollouts()
    {
        var retried = Some.Tally(Some.Valid("a", 1), Some.Valid("b", 1), Some.Valid("c", 0) with { Attempts = 2 }, Some.Valid("d", 0) with { Attempts = 3 }).ToReport(Some.Batch(4)).Retried;

        (retried.Rollouts, retried.Valid, retried.With!.Mean, retried.Without!.Mean).ShouldBe((2, 2, 0.5, 1));
    }

    [Fact]
    public void Categories_and_splits_have_figures_of_their_own()
    {
        var report = Some.Tally(
            Some.Valid("a", 1) with { Category = "x", Split = "val" }, Some.Valid("b", 0) with { Category = "y", Split = "val" }, Some.Failed("b", RolloutCause.Policy, "z", 1)).ToReport(Some.Batch(3));

        report.Categories.Select(part => (part.Name, part.Rollouts, part.Valid, part.Tasks, part.Reward!.Mean)).ShouldBe([("x", 1, 1, 1, 1), ("y", 2, 1, 1, 0)]);
        report.Splits.Single().Name.ShouldBe("val");
    }

    /// <summary>A reason that names the rollout is one reason, and a reason of each rollout's own is not held a thousand times over.</summary>
    [Fact]
    public void Reasons_are_counted_together_and_bounded()
    {
        var same = Some.Tally(Enumerable.Range(0, 50).Select(i => Some.Failed($"task-{i}", RolloutCause.Environment, $"task-{i}-0 hangs"))).ToReport(Some.Batch(50)).Coverage;
        var own = Some.Tally(Enumerable.Range(0, 3000).Select(i => Some.Failed("t", RolloutCause.Environment, $"reason {i}"))).ToReport(Some.Batch(3000)).Coverage;

        same.Failures.ShouldHaveSingleItem().Count.ShouldBe(50);
        same.Failures[0].Example.ShouldBe("task-0-0");
        (own.Failures.Count, own.FailuresLeftOut, own.Causes["environment"]).ShouldBe((20, 2980, 3000));
    }

    [Fact]
    public void A_batch_in_which_nothing_ended_has_a_report()
    {
        var report = Some.Tally().ToReport(Some.Batch(10, "paused") with { PauseReason = "the endpoint refuses the key" });

        (report.Reward, report.Rewards, report.Pass.Count).ShouldBe((null, null, 0));
        report.Notes.ShouldContain("It is paused: the endpoint refuses the key");
        report.Coverage.Bounds.ShouldBe(new(0, 1));
    }

    [Fact]
    public async Task Forty_thousand_rollouts_are_counted_in_seconds()
    {
        var clock = Stopwatch.StartNew();

        var report = await BatchTally.ReportAsync(Some.Batch(40_000), Some.Model(tasks: 10_000).ToAsyncEnumerable(), cancellationToken: TestContext.Current.CancellationToken);

        report.Coverage.Ended.ShouldBe(40_000);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void An_end_that_is_not_completed_is_valid_for_nobody() =>
        Some.Tally(Some.Valid("a", 1) with { End = CommandEnd.Expired, IsValid = false, IsTrainable = false }).ToReport(Some.Batch(1)).Reward.ShouldBeNull();
}
