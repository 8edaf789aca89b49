using SandQueue.Dashboard.Overview;

namespace SandQueue.Dashboard.Tests.Overview;

public sealed class ChartTicksTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 1)]
    [InlineData(7, 2)]
    [InlineData(20, 5)]
    [InlineData(21, 10)]
    [InlineData(520, 200)]
    [InlineData(60_000, 20_000)]
    public void Lines_are_apart_by_round_numbers(double highest, int apart) => ChartTicks.Of(highest).ShouldBe(apart);
}
