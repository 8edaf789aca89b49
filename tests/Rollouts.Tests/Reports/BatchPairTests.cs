using SandQueue.Rollouts.Reports;
using SandQueue.Rollouts.Results;

namespace SandQueue.Rollouts.Tests.Reports;

public sealed class BatchPairTests
{
    [Fact]
    public void Tasks_are_compared_each_with_itself_and_flips_are_named()
    {
        var first = Some.Tally(Some.Valid("won", 0), Some.Valid("won", 0, 1), Some.Valid("lost", 1), Some.Valid("kept", 1), Some.Valid("hard", 0), Some.Valid("first only", 1), Some.Failed("broken", RolloutCause.Policy, "x"));
        var second = Some.Tally(Some.Valid("won", 1), Some.Valid("won", 1, 1), Some.Valid("lost", 0), Some.Valid("kept", 1), Some.Valid("hard", 0.5), Some.Valid("broken", 1));

        var comparison = BatchPair.Compare(Some.Batch(7), first, Some.Batch(6, id: "b2"), second);

        (comparison.TasksPaired, comparison.TasksInFirstOnly, comparison.TasksInSecondOnly).ShouldBe((4, 1, 1));
        (comparison.Gained, comparison.Lost, comparison.SolvedByBoth, comparison.SolvedByNeither).ShouldBe((1, 1, 1, 1));
        comparison.Difference!.Mean.ShouldBe(0.125, 1e-12);
        comparison.Flipped.ShouldBe([new FlippedTask("lost", 1, 0, IsGained: false), new FlippedTask("won", 0, 1, IsGained: true)]);
        comparison.Notes.ShouldContain("2 tasks have a valid reward in one of them only and are left out of the difference.");
    }

    [Fact]
    public void Batches_without_a_task_in_common_say_so()
    {
        var comparison = BatchPair.Compare(Some.Batch(1), Some.Tally(Some.Valid("a", 1)), Some.Batch(1, "running", "b2"), Some.Tally(Some.Valid("b", 1)));

        comparison.Difference.ShouldBeNull();
        comparison.Notes.ShouldBe(["Batch b2 is running; the figures are of its rollouts that have ended.", "No task has a valid reward in both, so there is nothing to compare."]);
    }
}
