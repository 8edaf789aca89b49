using SandQueue.Dashboard.Overview;

namespace SandQueue.Dashboard.Tests.Overview;

public sealed class ActivityTests
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.UnixEpoch;

    [Theory]
    [InlineData(60, 12)]
    [InlineData(22, 4)]
    [InlineData(1, 2)]
    public void Only_pieces_that_were_counted_are_drawn(double seconds, int drawn)
    {
        var buckets = Enumerable.Range(0, 12).Select(index => new ActivityBucket(Begin.AddSeconds(5 * index), 0, Steps: 10, 0, 0)).ToList();
        var activity = new Activity(seconds, 0, 0, null, null, buckets, [], null, 0, []);

        activity.Counted.Count.ShouldBe(drawn);
        activity.Rates(bucket => bucket.Steps).ShouldAllBe(rate => rate == 2);
    }
}
