using System.Collections.Concurrent;
using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;

namespace SandQueue.Routing.Limits;

/// <summary>What each tenant uses now, against its limits. A refusal names the limit, what is used, and when to come back.</summary>
internal sealed class TenantUse(TenantLimits limits, InstanceDirectory instances, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CountLimit = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Use> _tenants = new(StringComparer.Ordinal);

    /// <summary>Counts a command as under way; <see cref="End"/> ends that.</summary>
    /// <returns>Why it may not be sent, and is not counted; null where it may.</returns>
    public CommandOutcome.Rejected? Begin(Command command)
    {
        var (use, most) = (Of(command.Tenant), limits.Of(command.Tenant));
        if (command is StepInstance && !use.TryTakeStep(most.StepsPerSecond, time)) return LimitRefusal.Of($"takes {most.StepsPerSecond} steps a second at this gateway, and may take no more", nameof(TenantLimits.StepsPerSecond), "send it again in a second");
        if (Interlocked.Increment(ref use.Commands) <= most.CommandsAtOnce || most.CommandsAtOnce == 0) return null;
        Interlocked.Decrement(ref use.Commands);
        return LimitRefusal.Of($"has {most.CommandsAtOnce} commands under way at this gateway, and may have no more", nameof(TenantLimits.CommandsAtOnce), "send it again once some are answered");
    }

    public void End(Command command) => Interlocked.Decrement(ref Of(command.Tenant).Commands);

    /// <summary>Counts one more living instance.</summary>
    /// <returns>Why there may be none; null where there may.</returns>
    public async ValueTask<CommandOutcome.Rejected?> AddInstanceAsync(string tenant, CancellationToken cancellationToken)
    {
        var most = limits.Of(tenant).LiveInstances;
        if (most == 0) return null;
        var use = Of(tenant);
        if (use.CountedAt is not { } at || time.GetElapsedTime(at) > Fresh) await CountAsync(tenant, use, cancellationToken);
        if (Interlocked.Increment(ref use.Instances) <= most) return null;
        Interlocked.Decrement(ref use.Instances);
        return LimitRefusal.Of($"has {most} live instances, and may have no more", nameof(TenantLimits.LiveInstances), "release some, and send it again");
    }

    /// <summary>Counts one living instance less until the database is asked again, so that whoever releases one may make another at once.</summary>
    public void RemoveInstance(string tenant)
    {
        if (limits.Of(tenant).LiveInstances > 0) Interlocked.Decrement(ref Of(tenant).Instances);
    }

    private async Task CountAsync(string tenant, Use use, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(CountLimit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        use.CountedAt = time.GetTimestamp();
        try
        {
            Volatile.Write(ref use.Instances, await instances.CountLivingAsync(tenant, limit.Token));
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // What was counted last is good enough: a Create that cannot reach the database fails by itself.
        }
    }

    private Use Of(string tenant) => _tenants.GetOrAdd(tenant, _ => new Use());

    private sealed class Use
    {
        public int Commands;
        public int Instances;

        private readonly Lock _lock = new();
        private double _steps;
        private long? _filledAt;

        public long? CountedAt { get; set; }

        /// <summary>A bucket that holds a second's steps, and fills as fast.</summary>
        public bool TryTakeStep(int perSecond, TimeProvider time)
        {
            if (perSecond == 0) return true;
            lock (_lock)
            {
                var now = time.GetTimestamp();
                _steps = _filledAt is { } before ? Math.Min(perSecond, _steps + (time.GetElapsedTime(before, now).TotalSeconds * perSecond)) : perSecond;
                _filledAt = now;
                if (_steps < 1) return false;
                _steps--;
                return true;
            }
        }
    }
}
