using System.Collections.Concurrent;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;

namespace SandQueue.Routing.Limits;

/// <summary>
/// Bytes that the tenants have in the journal, against their limits. Nothing is looked up for a tenant without one. For the others the database adds them
/// up every ten seconds at most, beside the commands: only who finds no sum that is half a minute young waits for one, and not long.
/// </summary>
internal sealed class JournalUse(TenantLimits limits, InstanceDirectory instances, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Usable = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestSum = TimeSpan.FromSeconds(30);

    /// <summary>Episodes are removed every few minutes at most.</summary>
    private static readonly TimeSpan Removal = TimeSpan.FromMinutes(1);

    /// <summary>A sum that took long is taken as seldom as costs the database a twentieth of its time.</summary>
    private const int RestPerSum = 20;

    private readonly ConcurrentDictionary<string, Use> _tenants = new(StringComparer.Ordinal);

    /// <summary>Why a command that writes a row may not be sent; null where it may. What cannot be looked up refuses nobody.</summary>
    public async ValueTask<CommandOutcome.Rejected?> FindOverAsync(string tenant, CancellationToken cancellationToken)
    {
        var most = limits.Of(tenant).JournalBytes;
        if (most == 0) return null;
        var use = _tenants.GetOrAdd(tenant, _ => new Use());
        var sum = Refreshed(tenant, use);
        if (use.SummedAt is not { } at || time.GetElapsedTime(at) > Usable)
        {
            // Nobody waits long: of a tenant that is not known yet there is nothing to refuse, and of the others the last sum is good enough.
            await Task.WhenAny(sum, Task.Delay(LongestWait, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }

        var bytes = Volatile.Read(ref use.Bytes);
        return bytes < most
            ? null
            : LimitRefusal.Of(
                $"has {bytes} bytes in the journal, and may have no more than {most}",
                nameof(TenantLimits.JournalBytes),
                "release what is done, and send it again once old episodes are removed (Worker:KeepEpisodes), or have the limit raised") with { RetryAfter = Removal };
    }

    /// <summary>The sum that is being taken, or a new one where the last is old; one at a time for each tenant.</summary>
    private Task Refreshed(string tenant, Use use)
    {
        lock (use)
        {
            if (!use.Sum.IsCompleted || (use.LookedAt is { } at && time.GetElapsedTime(at) < use.Rest)) return use.Sum;
            return use.Sum = SumAsync(tenant, use);
        }
    }

    private async Task SumAsync(string tenant, Use use)
    {
        await Task.Yield();
        using var late = new CancellationTokenSource(LongestSum, time);
        var began = time.GetTimestamp();
        try
        {
            Volatile.Write(ref use.Bytes, await instances.SumJournalBytesAsync(tenant, late.Token));
            use.SummedAt = time.GetTimestamp();
        }
        catch (Exception exception) when (exception is OperationCanceledException || DatabaseFailure.Is(exception))
        {
            // The last sum is good enough, and is taken again by a later command: one that cannot reach the database fails by itself.
        }

        var took = time.GetElapsedTime(began) * RestPerSum;
        (use.LookedAt, use.Rest) = (time.GetTimestamp(), took > Fresh ? took : Fresh);
    }

    private sealed class Use
    {
        public long Bytes;

        public Task Sum { get; set; } = Task.CompletedTask;

        public long? SummedAt { get; set; }

        public long? LookedAt { get; set; }

        public TimeSpan Rest { get; set; }
    }
}
