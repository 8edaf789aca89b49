using SandQueue.Bench.Scaler;

namespace SandQueue.Bench.Tests.Scaler;

public sealed class HorizontalScalerTests
{
    private readonly HorizontalScaler _scaler = new();

    [Theory]
    [InlineData(0.80, 0, 4)]
    [InlineData(0.87, 0, 4)]
    [InlineData(1.00, 0, 5)]
    [InlineData(1.00, 50, 8)]
    [InlineData(0.10, 1, 4)]
    [InlineData(0.10, 2, 8)]
    public void It_follows_the_busier_of_both_values_and_doubles_at_most(double occupancy, int waiting, int workers) =>
        _scaler.Decide(0, 4, occupancy, waiting).ShouldBe(workers);

    [Fact]
    public void It_doubles_once_a_minute()
    {
        _scaler.Decide(0, 2, 1, 100).ShouldBe(4);
        _scaler.Decide(15, 4, 1, 100).ShouldBe(4);
        _scaler.Decide(75, 4, 1, 100).ShouldBe(8);
    }

    [Fact]
    public void It_gives_one_back_in_two_minutes_after_ten_of_less_load()
    {
        _scaler.Decide(0, 8, 0.8, 0).ShouldBe(8);
        for (var second = 15; second <= 600; second += 15) _scaler.Decide(second, 8, 0.1, 0).ShouldBe(8);
        _scaler.Decide(615, 8, 0.1, 0).ShouldBe(7);
        _scaler.Decide(630, 7, 0.1, 0).ShouldBe(7);
        _scaler.Decide(735, 7, 0.1, 0).ShouldBe(6);
    }

    [Fact]
    public void It_keeps_between_the_fewest_and_the_most()
    {
        _scaler.Decide(0, HorizontalScaler.Most, 1, 1000).ShouldBe(HorizontalScaler.Most);
        new HorizontalScaler().Decide(0, HorizontalScaler.Fewest, 0, 0).ShouldBe(HorizontalScaler.Fewest);
    }
}
