using SandQueue.Bench.Scale;

namespace SandQueue.Bench.Tests.Scale;

public sealed class FigureTests
{
    [Theory]
    [InlineData(9, false)]
    [InlineData(10, false)]
    [InlineData(10.1, true)]
    [InlineData(double.NaN, true)]
    public void A_figure_above_its_goal_misses_it(double value, bool isMissed) => new Figure("sweep_s", value, AtMost: 10).IsMissed.ShouldBe(isMissed);

    [Theory]
    [InlineData(0.8, false)]
    [InlineData(0.79, true)]
    [InlineData(double.NaN, true)]
    public void A_figure_below_its_goal_misses_it(double value, bool isMissed) => new Figure("workers_2_to_1", value, AtLeast: 0.8).IsMissed.ShouldBe(isMissed);

    [Fact]
    public void A_figure_without_a_goal_misses_none() => new Figure("open_peak_per_s", double.NaN).IsMissed.ShouldBeFalse();

    [Fact]
    public void A_line_says_figure_goal_and_whether_it_is_missed()
    {
        new Figure("sweep_s", 2.25, AtMost: 2).ToString().ShouldBe("sweep_s = 2.25 (goal: at most 2): missed");
        new Figure("workers_2_to_1", 1.1, AtLeast: 0.9).ToString().ShouldBe("workers_2_to_1 = 1.1 (goal: at least 0.9)");
        new Figure("open_peak_per_s", 2000).ToString().ShouldBe("open_peak_per_s = 2000");
    }
}
