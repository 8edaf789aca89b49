using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Workers.Commands.Release;
using SandQueue.Workers.Containers;
using SandQueue.Workers.Hosting;
using SandQueue.Workers.Ownership;

namespace SandQueue.Workers.Sweep;

/// <summary>
/// Releases what nobody has used for long. A worker's own instances go through their mailboxes, so that a running step is
/// never cut; instances whose owner has ended are claimed in the database, so that no two workers do the same.
/// </summary>
internal sealed partial class IdleSweep(
    OwnedInstances owned,
    InstanceRelease release,
    InstanceDirectory instances,
    WorkerDirectory workers,
    IRuntime runtime,
    IOptions<WorkerOptions> options,
    ILogger<IdleSweep> log)
{
    public async Task RunAsync(CancellationToken cancel)
    {
        var limit = options.Value.IdleLimit;
        var why = $"was released as idle (unused for more than {limit.TotalSeconds:0} s)";
        await Task.WhenAll(owned.All.Where(owner => owner.Idle > limit).Select(owner => ReleaseAsync(owner, limit, why)));

        var ownerless = await instances.ReleaseOwnerlessAsync(limit, why, cancel);
        if (ownerless > 0) ReleasedOwnerless(ownerless);
        await workers.ForgetAsync(limit, cancel);
        await runtime.RemoveLeftoversAsync(workers.IsProcessLivingAsync, cancel);
    }

    /// <summary>One instance that fails never stops the sweep.</summary>
    private Task ReleaseAsync(InstanceOwner owner, TimeSpan limit, string why)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var posted = owner.TryPost(async () =>
        {
            try
            {
                // A command that came in between has used it.
                if (owner.Ended is null && owner.IsClaimed && owner.Idle > limit) await release.ReleaseAsync(owner, new SweepCommand(owner), why);
            }
            catch (Exception failure)
            {
                NotReleased(owner.InstanceId, failure);
            }

            done.SetResult();
        });
        return posted ? done.Task : Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Error, "the sweep could not release instance '{Instance}'; it tries again next time")]
    private partial void NotReleased(string instance, Exception failure);

    [LoggerMessage(LogLevel.Information, "the sweep released {Count} idle instances whose worker had ended")]
    private partial void ReleasedOwnerless(int count);

    /// <summary>The sweep's own command, so that its release has a row in the journal like any other.</summary>
    private sealed record SweepCommand(InstanceOwner Owner) : ICommand
    {
        public string CommandId { get; } = $"sweep-{Owner.EpisodeId}-{Guid.NewGuid():n}";

        public string Caller => Owner.Caller;

        public int RemainingMs => int.MaxValue;
    }
}
