using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Rollouts;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Sweep;

/// <summary>
/// Parks what nobody has used for a while, releases what nobody has used for long, and forgets what ended long ago. A
/// worker's own instances go through their mailboxes, so that a running step is never cut; instances that nobody owns are
/// claimed in the database, so that no two workers do the same.
/// </summary>
internal sealed partial class IdleSweep(
    OwnedInstances owned,
    InstanceParking parking,
    InstanceRelease release,
    UnheldInstances unheld,
    OwnerlessInstances instances,
    WorkerDirectory workers,
    EpisodeRetention retention,
    BatchRetention batches,
    EpisodeCheckpoints checkpoints,
    IRuntime runtime,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILogger<IdleSweep> log)
{
    /// <summary>What a busy instance does not let the sweep do now, it does next time.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>Longer than any caller waits, and than any message waits in a queue.</summary>
    private static readonly TimeSpan LongestCreate = TimeSpan.FromMinutes(15);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (parkAfter, releaseAfter) = (options.Value.ParkAfter, options.Value.ReleaseAfter);
        var why = $"was released as idle (unused for more than {releaseAfter.TotalSeconds:0} s)";
        var swept = owned.All.Where(owner => owner.Idle > parkAfter || owner.Idle > releaseAfter).Select(owner => owner.Mailbox.RunAsync(() => SweepAsync(owner, why))).ToList();
        try
        {
            await Task.WhenAll(swept).WaitAsync(LongestWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            StillBusy(swept.Count(one => !one.IsCompleted));
        }

        // Before what nobody owns is released, for then that is what they are.
        await TryAsync("park what this worker does not hold", () => unheld.ParkAsync(cancellationToken), cancellationToken);
        await TryAsync("release what nobody owns", () => ReleaseOwnerlessAsync(releaseAfter, why, cancellationToken), cancellationToken);
        await TryAsync("end what was never made", () => FailUnmadeAsync(cancellationToken), cancellationToken);
        await TryAsync("forget dead workers", () => workers.ForgetAsync(releaseAfter, cancellationToken), cancellationToken);
        await TryAsync("remove what dead workers left", () => runtime.RemoveLeftoversAsync(workers.IsProcessLivingAsync, cancellationToken), cancellationToken);
        await TryAsync("remove checkpoints", () => checkpoints.RemoveEndedAsync(cancellationToken), cancellationToken);
        await TryAsync("remove old episodes", () => RemoveEpisodesAsync(cancellationToken), cancellationToken);
        await TryAsync("remove old batches", () => RemoveBatchesAsync(cancellationToken), cancellationToken);
    }

    /// <summary>No part of the sweep keeps the others from running; the next sweep tries it again.</summary>
    private async Task TryAsync(string part, Func<Task> run, CancellationToken cancellationToken)
    {
        try
        {
            await run();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            PartFailed(part, exception);
        }
    }

    private async Task ReleaseOwnerlessAsync(TimeSpan releaseAfter, string why, CancellationToken cancellationToken)
    {
        var ownerless = await instances.ReleaseUnusedAsync(releaseAfter, why, cancellationToken);
        if (ownerless > 0) ReleasedOwnerless(ownerless);
    }

    private async Task FailUnmadeAsync(CancellationToken cancellationToken)
    {
        var unmade = await instances.FailUnmadeAsync(LongestCreate, "was not made: its worker died, or its Create was given up", cancellationToken);
        if (unmade > 0) EndedUnmade(unmade);
    }

    private async Task RemoveEpisodesAsync(CancellationToken cancellationToken)
    {
        var removed = await retention.RemoveAsync(options.Value.KeepEpisodes, cancellationToken);
        if (removed > 0) RemovedEpisodes(removed);
    }

    private async Task RemoveBatchesAsync(CancellationToken cancellationToken)
    {
        var removed = await batches.RemoveAsync(options.Value.KeepEpisodes, cancellationToken);
        if (removed > 0) RemovedBatches(removed);
    }

    /// <summary>One instance that fails never stops the sweep.</summary>
    private async Task SweepAsync(InstanceOwner owner, string why)
    {
        try
        {
            // A command that came in between has used it.
            if (owner.IsLive) await ParkOrReleaseAsync(owner, why);
        }
        catch (Exception exception)
        {
            NotSwept(owner.InstanceId, exception);
        }
    }

    private async Task ParkOrReleaseAsync(InstanceOwner owner, string why)
    {
        if (owner.Idle > options.Value.ReleaseAfter) await release.ReleaseAsync(owner, Release(owner), why);
        else if (owner.Idle > options.Value.ParkAfter) await parking.ParkAsync(owner);
    }

    [LoggerMessage(LogLevel.Error, "the sweep could not park or release instance '{Instance}'; it tries again next time")]
    private partial void NotSwept(string instance, Exception failure);

    [LoggerMessage(LogLevel.Error, "the sweep could not {Part}; the next one tries again")]
    private partial void PartFailed(string part, Exception failure);

    [LoggerMessage(LogLevel.Warning, "the sweep goes on without {Count} instances whose commands are still running; it looks at them next time")]
    private partial void StillBusy(int count);

    [LoggerMessage(LogLevel.Information, "the sweep released {Count} idle instances that nobody owned")]
    private partial void ReleasedOwnerless(int count);

    [LoggerMessage(LogLevel.Information, "the sweep ended {Count} instances that were claimed and never made")]
    private partial void EndedUnmade(int count);

    [LoggerMessage(LogLevel.Information, "the sweep removed {Count} episodes from the journal that were older than Worker:KeepEpisodes")]
    private partial void RemovedEpisodes(int count);

    [LoggerMessage(LogLevel.Information, "the sweep removed {Count} batches that closed longer ago than Worker:KeepEpisodes")]
    private partial void RemovedBatches(int count);

    /// <summary>The sweep's release has a row in the journal like any other.</summary>
    private static ReleaseInstance Release(InstanceOwner owner) => new()
    {
        CommandId = $"sweep-{owner.Row.EpisodeId}-{Guid.NewGuid():n}",
        Tenant = owner.Row.Tenant,
        InstanceId = owner.InstanceId,
        RemainingMs = int.MaxValue,
    };
}
