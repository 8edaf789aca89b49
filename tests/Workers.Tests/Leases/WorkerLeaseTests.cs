using Microsoft.Extensions.Time.Testing;
using SandQueue.Workers.Leases;

namespace SandQueue.Workers.Tests.Leases;

public sealed class WorkerLeaseTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    private readonly FakeTimeProvider _time = new();
    private readonly WorkerLease _lease;

    public WorkerLeaseTests() => _lease = new WorkerLease(_time);

    [Fact]
    public void There_is_none_before_the_first_renewal() => _lease.IsLive.ShouldBeFalse();

    [Fact]
    public void It_counts_from_before_the_renewal_was_sent()
    {
        var mark = _lease.Mark();
        _time.Advance(Length / 3);
        _lease.Renewed(mark, Length);
        _lease.IsLive.ShouldBeTrue();

        _time.Advance(Length / 3 * 2 - TimeSpan.FromMilliseconds(1));
        _lease.IsLive.ShouldBeTrue();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _lease.IsLive.ShouldBeFalse();
    }

    [Fact]
    public void A_renewal_that_took_longer_than_the_lease_gives_none()
    {
        var mark = _lease.Mark();
        _time.Advance(Length);
        _lease.Renewed(mark, Length);
        _lease.IsLive.ShouldBeFalse();
    }

    [Fact]
    public void It_can_be_ended()
    {
        _lease.Renewed(_lease.Mark(), Length);
        _lease.End();
        _lease.IsLive.ShouldBeFalse();
    }
}
