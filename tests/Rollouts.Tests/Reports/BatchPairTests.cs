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
    public void Parts_are_compared_by_themselves_and_a_split_may_be_known_of_one_batch_alone()
    {
        var first = Some.Tally(Some.Valid("a", 0) with { Category = "x" }, Some.Valid("b", 1) with { Category = "y" }, Some.Valid("c", 0) with { Category = "x" });
        var second = Some.Tally(Some.Valid("a", 1) with { Split = "val" }, Some.Valid("b", 1) with { Split = "val" }, Some.Valid("c", 0.5), Some.Valid("d", 1) with { Category = "z" });

        var comparison = BatchPair.Compare(Some.Batch(3), first, Some.Batch(4, id: "b2") with { Split = "val" }, second);

        comparison.Categories.Select(part => (part.Name, part.Tasks, part.First, part.Second, part.Difference!.Mean)).ShouldBe([("x", 2, 0, 0.75, 0.75), ("y", 1, 1, 1, 0)]);
        comparison.Splits.Select(part => (part.Name, part.Tasks, part.Difference!.Mean)).ShouldBe([("val", 2, 0.5)]);
        BatchPair.Compare(Some.Batch(3) with { Split = "train" }, first, Some.Batch(4, id: "b2") with { Split = "val" }, second).Notes.ShouldContain("They are of different splits: train and val.");
    }

    [Fact]
    public void Batches_without_a_task_in_common_say_so()
    {
        var comparison = BatchPair.Compare(Some.Batch(1), Some.Tally(Some.Valid("a", 1)), Some.Batch(1, "running", "b2"), Some.Tally(Some.Valid("b", 1)));

        comparison.Difference.ShouldBeNull();
        comparison.Notes.ShouldBe(["Batch b2 is running; the figures are of its rollouts that have ended.", "No task has a valid reward in both, so there is nothing to compare."]);
    }
}
