using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Tests.Statistics;

public sealed class PairedDifferenceTests
{
    /// <summary>By hand: differences 1, 0, 0.5, 0.5: mean 0.5, s² = 0.5/3, error √(0.5/12), t(3) = 3.182446.</summary>
    [Fact]
    public void It_is_the_mean_over_tasks_with_the_interval_of_their_spread()
    {
        var estimate = PairedDifference.Of([(0, 1), (1, 1), (0.5, 1), (0.25, 0.75)])!;

        estimate.Mean.ShouldBe(0.5, 1e-12);
        estimate.Ci95!.Value.High.ShouldBe(0.5 + (3.182446305 * Math.Sqrt(0.5 / 12)), 1e-6);
        estimate.Clusters.ShouldBe(4);
    }

    [Fact]
    public void One_pair_has_no_interval() => PairedDifference.Of([(0, 1)])!.Ci95.ShouldBeNull();

    [Fact]
    public void No_pair_has_no_difference() => PairedDifference.Of([]).ShouldBeNull();
}
