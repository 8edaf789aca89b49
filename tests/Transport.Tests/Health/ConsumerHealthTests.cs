using Microsoft.Extensions.Time.Testing;
using SandQueue.Transport.Health;

namespace SandQueue.Transport.Tests.Health;

public sealed class ConsumerHealthTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Without_an_own_queue_nothing_is_silent() => new ConsumerHealth(_time).SinceReceived.ShouldBe(TimeSpan.Zero);

    [Fact]
    public void The_queue_that_is_silent_for_longest_counts_until_it_is_no_longer_consumed()
    {
        var health = new ConsumerHealth(_time);
        var silent = health.Add();
        var working = health.Add();
        _time.Advance(TimeSpan.FromSeconds(20));
        working.Mark();
        _time.Advance(TimeSpan.FromSeconds(10));
        health.SinceReceived.ShouldBe(TimeSpan.FromSeconds(30));

        silent.Dispose();

        health.SinceReceived.ShouldBe(TimeSpan.FromSeconds(10));
    }
}
