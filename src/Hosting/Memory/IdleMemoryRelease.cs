using Microsoft.Extensions.Hosting;

namespace SandQueue.Hosting.Memory;

/// <summary>
/// Gives memory back to the machine after requests that took much of it. The collector runs when a program allocates, so one that falls
/// idle after large requests keeps all that they left. A program that stays busy, or whose memory has not grown, is left to the collector.
/// </summary>
/// <param name="time">Counts the time.</param>
/// <param name="residentBytes">The memory of the program that the machine holds now.</param>
/// <param name="collect">Collects all that can be, and gives it back.</param>
internal sealed class IdleMemoryRelease(TimeProvider time, Func<long> residentBytes, Action collect) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    internal static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The runtime's pool of arrays frees what a collection finds unused for a minute since the collection before: where memory is not scarce one array of each
    /// size and core at a time, so it takes as many.
    /// </summary>
    internal static readonly TimeSpan PoolAge = TimeSpan.FromSeconds(65);

    /// <summary>A collection that gave back less was the last.</summary>
    private const long LittleBytes = 4 << 20;

    /// <summary>Allocated since the last release: as much as this leaves something to collect.</summary>
    private const long MuchBytes = 32 << 20;

    /// <summary>Allocated between two looks: a program that only renews its lease stays below this.</summary>
    private const long IdleBytes = 4 << 20;

    /// <summary>Growth since the last release that is worth another: a collection of all costs the caller of that moment some tens of milliseconds.</summary>
    private const double Growth = 1.2;

    private long _seen = GC.GetTotalAllocatedBytes();
    private long _owed;
    private long _kept;
    private long? _pooledSince;

    public IdleMemoryRelease(TimeProvider time)
        : this(time, () => Environment.WorkingSet, () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true))
    {
    }

    /// <param name="allocatedBytes">All that the program has allocated so far.</param>
    internal void Look(long allocatedBytes)
    {
        var allocated = allocatedBytes - _seen;
        _seen = allocatedBytes;
        _owed += allocated;
        if (allocated > IdleBytes) return;
        var isWorthIt = _owed >= MuchBytes && residentBytes() > Growth * _kept;
        if (!isWorthIt && (_pooledSince is not { } since || time.GetElapsedTime(since) < PoolAge)) return;

        var before = residentBytes();
        collect();
        (_owed, _kept) = (0, residentBytes());
        _pooledSince = isWorthIt || before - _kept > LittleBytes ? time.GetTimestamp() : null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) Look(GC.GetTotalAllocatedBytes());
    }
}
