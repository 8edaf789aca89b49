using Microsoft.Extensions.Time.Testing;
using SandQueue.Hosting.Memory;

namespace SandQueue.Hosting.Tests.Memory;

/// <summary>When memory is given back.</summary>
public sealed class IdleMemoryReleaseTests : IDisposable
{
    private const long Megabyte = 1 << 20;

    private readonly FakeTimeProvider _time = new();
    private readonly IdleMemoryRelease _release;
    private long _allocated = GC.GetTotalAllocatedBytes() + (1000 * Megabyte);
    private long _resident = 100 * Megabyte;
    private int _collections;

    /// <summary>What each of the next collections gives back.</summary>
    private readonly Queue<long> _pooled = [];

    public IdleMemoryReleaseTests()
    {
        _release = new IdleMemoryRelease(_time, () => _resident, () =>
        {
            _collections++;
            _resident -= _pooled.TryDequeue(out var freed) ? freed : 0;
        });

        // What the program took at its start.
        Look(0);
        Look(0);
        _time.Advance(2 * IdleMemoryRelease.PoolAge);
        Look(0);
        Look(0);
        _collections = 0;
    }

    public void Dispose() => _release.Dispose();

    [Fact]
    public void After_much_it_is_given_back_as_soon_as_the_program_is_idle()
    {
        Grow();
        _collections.ShouldBe(0, "the program is busy");
        Look(1);
        _collections.ShouldBe(1);
        Look(1);
        Look(1);
        _collections.ShouldBe(1, "it was given back already");
    }

    [Fact]
    public void What_a_pool_held_is_given_back_once_it_is_old()
    {
        Grow();
        Look(1);
        _time.Advance(IdleMemoryRelease.PoolAge);
        Grow();
        _collections.ShouldBe(1, "the program is busy");
        Look(1);
        _collections.ShouldBe(2);
        _time.Advance(IdleMemoryRelease.PoolAge);
        Look(1);
        _collections.ShouldBe(3);
        _time.Advance(IdleMemoryRelease.PoolAge);
        Look(1);
        _collections.ShouldBe(3, "nothing was taken since");
    }

    [Fact]
    public void Collections_go_on_while_the_pool_gives_something_back()
    {
        Grow();
        foreach (var freed in (long[])[60, 30, 20, 1, 5]) _pooled.Enqueue(freed * Megabyte);
        Look(1);
        for (var minute = 0; minute < 6; minute++)
        {
            _time.Advance(IdleMemoryRelease.PoolAge);
            Look(1);
        }

        _collections.ShouldBe(4);
        _resident.ShouldBe((200 - 60 - 30 - 20 - 1) * Megabyte);
    }

    [Fact]
    public void A_program_that_only_renews_its_lease_is_left_alone_for_long()
    {
        for (var look = 0; look < 30; look++) Look(Megabyte);
        _collections.ShouldBe(0);
    }

    [Fact]
    public void Memory_that_has_not_grown_is_left_to_the_collector()
    {
        Look(500 * Megabyte);
        Look(1);
        _collections.ShouldBe(0);
    }

    private void Grow()
    {
        _resident *= 2;
        Look(100 * Megabyte);
    }

    private void Look(long allocated)
    {
        _time.Advance(IdleMemoryRelease.LookEvery);
        _release.Look(_allocated += allocated);
    }
}
