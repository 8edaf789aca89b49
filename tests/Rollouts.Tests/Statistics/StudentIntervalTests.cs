using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Tests.Statistics;

public sealed class StudentIntervalTests
{
    /// <summary>From printed tables of the t distribution.</summary>
    [Theory]
    [InlineData(1, 12.706)]
    [InlineData(2, 4.303)]
    [InlineData(5, 2.571)]
    [InlineData(10, 2.228)]
    [InlineData(30, 2.042)]
    [InlineData(120, 1.980)]
    [InlineData(1_000_000, 1.960)]
    public void The_critical_value_is_that_of_the_tables(int degrees, double tabulated) => StudentInterval.Critical(degrees).ShouldBe(tabulated, 0.0005);
}
