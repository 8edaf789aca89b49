using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Tests.Statistics;

public sealed class MissingBoundsTests
{
    [Fact]
    public void What_is_missing_counts_as_0_and_as_1() => MissingBounds.Of(total: 6, values: 8, missing: 2, smallest: 0, largest: 1).ShouldBe(new Interval(0.6, 0.8));

    [Fact]
    public void Where_nothing_is_there_the_mean_is_anywhere() => MissingBounds.Of(0, 0, 5, 0, 0).ShouldBe(new Interval(0, 1));

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 7)]
    public void Other_rewards_have_no_bounds(double smallest, double largest) => MissingBounds.Of(3, 4, 1, smallest, largest).ShouldBeNull();

    [Fact]
    public void Nothing_has_no_bounds() => MissingBounds.Of(0, 0, 0, 0, 0).ShouldBeNull();
}
