using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Tests.Statistics;

public sealed class ClusteredMeanTests
{
    private const double Tight = 1e-9;

    [Fact]
    public void Nothing_has_no_mean() => new ClusteredMean().Estimate().ShouldBeNull();

    [Fact]
    public void One_task_has_a_mean_and_no_interval()
    {
        var estimate = Of(("a", 1), ("a", 0), ("a", 1), ("a", 1))!;

        (estimate.Mean, estimate.Ci95, estimate.Values, estimate.Clusters).ShouldBe((0.75, null, 4, 1));
    }

    /// <summary>One rollout a task is the ordinary interval: mean 3, s² 2.5, s/√5 = 0.70711, t(4) = 2.776445.</summary>
    [Fact]
    public void With_one_value_a_task_the_interval_is_the_ordinary_one()
    {
        var interval = Of(("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5))!.Ci95!.Value;

        interval.Low.ShouldBe(3 - (2.776445105 * Math.Sqrt(0.5)), 1e-6);
        interval.High.ShouldBe(3 + (2.776445105 * Math.Sqrt(0.5)), 1e-6);
    }

    /// <summary>
    /// By hand: tasks (1,1,1,0), (0,0), (1,0): mean 4/8 = 0.5; sums of residuals 3-2 = 1, 0-1 = -1, 1-1 = 0; squares 2;
    /// variance 3/2 · 2 / 64 = 0.046875; t(2) = 4.302653.
    /// </summary>
    [Fact]
    public void Values_of_one_task_are_not_taken_for_independent()
    {
        var estimate = Of(("a", 1), ("b", 0), ("a", 1), ("c", 1), ("a", 1), ("a", 0), ("b", 0), ("c", 0))!;

        estimate.Mean.ShouldBe(0.5, Tight);
        estimate.Ci95!.Value.High.ShouldBe(0.5 + (4.302652730 * Math.Sqrt(0.046875)), 1e-6);
        estimate.Ci95!.Value.Low.ShouldBe(0.5 - (4.302652730 * Math.Sqrt(0.046875)), 1e-6);
    }

    [Fact]
    public void The_same_rollout_thrice_makes_nothing_surer()
    {
        (string, double)[] once = [("a", 1), ("b", 0), ("c", 1), ("d", 0.5)];

        var (single, thrice) = (Of(once)!.Ci95!.Value, Of([.. once, .. once, .. once])!.Ci95!.Value);

        thrice.Low.ShouldBe(single.Low, Tight);
        thrice.High.ShouldBe(single.High, Tight);
    }

    private static Estimate? Of(params (string Task, double Value)[] values)
    {
        var mean = new ClusteredMean();
        foreach (var (task, value) in values) mean.Add(task, value);
        return mean.Estimate();
    }
}
