using Microsoft.Extensions.Time.Testing;
using SandQueue.Cli.Batches;

namespace SandQueue.Cli.Tests.Batches;

public sealed class BatchPaceTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Rate_and_time_left_are_of_what_was_watched()
    {
        var pace = new BatchPace(_time);
        pace.See(100);
        pace.PerSecond.ShouldBeNull();
        pace.Left(10).ShouldBeNull();

        _time.Advance(TimeSpan.FromSeconds(10));
        pace.See(150);

        pace.PerSecond.ShouldBe(5);
        pace.Left(50).ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void What_was_a_while_ago_counts_no_more()
    {
        var pace = new BatchPace(_time);
        for (var second = 0; second <= 200; second++)
        {
            pace.See(second < 100 ? second * 10 : 1000 + (second - 100));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        pace.PerSecond!.Value.ShouldBe(1, 0.01);
    }

    [Fact]
    public void Rollouts_that_are_played_again_are_no_negative_pace()
    {
        var pace = new BatchPace(_time);
        pace.See(100);
        _time.Advance(TimeSpan.FromSeconds(5));
        pace.See(40);
        _time.Advance(TimeSpan.FromSeconds(5));
        pace.See(50);

        pace.PerSecond.ShouldBe(2);
    }
}
