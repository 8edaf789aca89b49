using SandQueue.Bench.Compare.Figures;

namespace SandQueue.Bench.Tests.Compare.Figures;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(.5, 50)]
    [InlineData(.99, 99)]
    [InlineData(.999, 100)]
    [InlineData(0, 1)]
    public void A_percentile_is_the_value_that_so_many_do_not_exceed(double share, double expected) =>
        Statistics.Percentile([.. Enumerable.Range(1, 100).Select(value => (double)value)], share).ShouldBe(expected);

    [Fact]
    public void Of_one_value_every_percentile_is_that() => Statistics.Percentile([7], .99).ShouldBe(7);

    [Fact]
    public void Nothing_has_the_percentile_and_the_median_0() => (Statistics.Percentile([], .5), Statistics.Median([])).ShouldBe((0, 0));

    [Fact]
    public void A_median_stands_in_the_middle() => Statistics.Median([9, 1, 5]).ShouldBe(5);

    [Fact]
    public void A_median_of_two_stands_between_them() => Statistics.Median([4, 1]).ShouldBe(2.5);
}
