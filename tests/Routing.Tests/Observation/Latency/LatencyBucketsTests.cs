using SandQueue.Routing.Observation.Latency;

namespace SandQueue.Routing.Tests.Observation.Latency;

public sealed class LatencyBucketsTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(8_191, 0)]
    [InlineData(8_192, 0)]
    [InlineData(9_216, 1)]
    [InlineData(16_384, 8)]
    [InlineData(long.MaxValue, LatencyBuckets.Count - 1)]
    public void A_duration_has_a_bucket(long nanoseconds, int bucket) => LatencyBuckets.Of(nanoseconds).ShouldBe(bucket);

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.08)]
    [InlineData(1)]
    [InlineData(73)]
    [InlineData(60_000)]
    public void A_quantile_is_at_most_an_eighth_off(double milliseconds)
    {
        var counts = new long[LatencyBuckets.Count];
        counts[LatencyBuckets.Of((long)(milliseconds * 1e6))] = 1000;
        foreach (var part in (double[])[0, 0.5, 0.99, 1]) LatencyBuckets.Quantile(counts, part)!.Value.ShouldBe(milliseconds, milliseconds / 8);
    }

    [Fact]
    public void Buckets_go_up_with_the_duration()
    {
        var last = 0;
        for (var nanoseconds = 1d; nanoseconds < 1e12; nanoseconds *= 1.01)
        {
            var bucket = LatencyBuckets.Of((long)nanoseconds);
            bucket.ShouldBeInRange(last, last + 1);
            last = bucket;
        }

        last.ShouldBe(LatencyBuckets.Count - 1);
    }

    [Fact]
    public void Of_a_hundred_the_slowest_two_make_the_last_percent()
    {
        var counts = new long[LatencyBuckets.Count];
        counts[LatencyBuckets.Of(1_000_000)] = 98;
        counts[LatencyBuckets.Of(1_000_000_000)] = 2;
        LatencyBuckets.Quantile(counts, 0.5)!.Value.ShouldBe(1, 0.125);
        LatencyBuckets.Quantile(counts, 0.99)!.Value.ShouldBe(1000, 125);
        LatencyBuckets.Quantile(new long[LatencyBuckets.Count], 0.5).ShouldBeNull();
    }
}
