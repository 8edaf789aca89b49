using CsCheck;
using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Tests.Statistics;

public sealed class DistributionTests
{
    [Fact]
    public void Nothing_has_no_distribution() => Distribution.Of([]).ShouldBeNull();

    [Fact]
    public void Quantiles_lie_straight_between_their_neighbours()
    {
        var spread = Distribution.Of([4, 1, 3, 2])!;

        (spread.Values, spread.Min, spread.P25, spread.P50, spread.P75, spread.Max, spread.Mean).ShouldBe((4, 1, 1.75, 2.5, 3.25, 4, 2.5));
        spread.P95.ShouldBe(3.85, 1e-12);
    }

    [Fact]
    public void Few_different_values_have_a_bar_each() =>
        Distribution.Of([1, 0, 0, 1, 0.5])!.Histogram.ShouldBe([new Bar(0, 0, 2), new Bar(0.5, 0.5, 1), new Bar(1, 1, 2)]);

    [Fact]
    public void Many_different_values_share_twenty_bars()
    {
        var bars = Distribution.Of(Enumerable.Range(0, 101).Select(value => (double)value))!.Histogram;

        bars.Count.ShouldBe(20);
        (bars[0].From, bars[^1].To).ShouldBe((0, 100));
        (bars[0].Count, bars[^1].Count).ShouldBe((5, 6));
    }

    [Fact]
    public void Every_value_is_in_one_bar() =>
        Gen.Double[-1e300, 1e300].Array[1, 60].Sample(values => Distribution.Of(values)!.Histogram.Sum(bar => bar.Count).ShouldBe(values.Length));
}
