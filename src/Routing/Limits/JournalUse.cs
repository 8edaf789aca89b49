using System.Collections.Concurrent;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;

namespace SandQueue.Routing.Limits;

/// <summary>
/// Bytes that the tenants have in the journal, against their limits. Nothing is looked up for a tenant without one. For the others the database adds them
/// up every ten seconds at most, beside the commands: only who finds no sum at all waits for one, and not long. A sum that is minutes old refuses nobody.
/// </summary>
internal sealed class JournalUse(TenantLimits limits, InstanceDirectory instances, TimeProvider time) : IJournalRoom
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestSum = TimeSpan.FromSeconds(30);

    /// <summary>With the longest sum less than <see cref="TooOld"/>, so that a slow database does not make a limit come and go.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(4);

    /// <summary>Meanwhile episodes may have been removed.</summary>
    private static readonly TimeSpan TooOld = TimeSpan.FromMinutes(5);

    /// <summary>Episodes are removed every few minutes at most.</summary>
    private static readonly TimeSpan Removal = TimeSpan.FromMinutes(1);

    /// <summary>A sum that took long is taken as seldom as costs the database a twentieth of its time, within <see cref="LongestRest"/>.</summary>
    private const int RestPerSum = 20;

    private readonly ConcurrentDictionary<string, Use> _tenants = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask<CommandOutcome.Rejected?> FindOverAsync(string tenant, CancellationToken cancellationToken)
    {
        var most = limits.Of(tenant).JournalBytes;
        if (most == 0) return null;
        var use = _tenants.GetOrAdd(tenant, _ => new Use());
        var sum = Refreshed(tenant, use);
        if (use.Last is null)
        {
            // Nobody waits long: of a tenant that is not known yet there is nothing to refuse, and of the others the last sum is good enough.
            await Task.WhenAny(sum, Task.Delay(LongestWait, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }

        return use.Last is { } last && last.Bytes >= most && time.GetElapsedTime(last.At) <= TooOld
            ? LimitRefusal.Of(
                $"has {last.Bytes} bytes in the journal, and may have no more than {most}",
                nameof(TenantLimits.JournalBytes),
                "release what is done, and send it again once old episodes are removed (Worker:KeepEpisodes), or have the limit raised") with { RetryAfter = UntilNext(use) }
            : null;
    }

    /// <summary>Before the next sum is taken nothing changes.</summary>
    private TimeSpan UntilNext(Use use)
    {
        lock (use)
        {
            var left = use.LookedAt is { } at ? use.Rest - time.GetElapsedTime(at) : TimeSpan.Zero;
            return left > Removal ? TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds)) : Removal;
        }
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
            use.Last = new Summed(await instances.SumJournalBytesAsync(tenant, late.Token), time.GetTimestamp());
        }
        catch (Exception exception) when (exception is OperationCanceledException || DatabaseFailure.Is(exception))
        {
            // The last sum is good enough, and is taken again by a later command: one that cannot reach the database fails by itself.
        }

        var rest = time.GetElapsedTime(began) * RestPerSum;
        lock (use)
        {
            (use.LookedAt, use.Rest) = (time.GetTimestamp(), rest < Fresh ? Fresh : rest > LongestRest ? LongestRest : rest);
        }
    }

    private sealed record Summed(long Bytes, long At);

    private sealed class Use
    {
        private volatile Summed? _last;

        /// <summary>The last sum; null before the first.</summary>
        public Summed? Last
        {
            get => _last;
            set => _last = value;
        }

        public Task Sum { get; set; } = Task.CompletedTask;

        public long? LookedAt { get; set; }

        public TimeSpan Rest { get; set; }
    }
}
