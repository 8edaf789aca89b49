using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Recovery.Checkpoints;
using SandQueue.Workers.Replay;

namespace SandQueue.Workers.Recovery;

/// <summary>
/// Brings an instance back that lost its container or its worker: a fresh instance of the same task, every recorded step
/// run again, and every observation compared with the record. Either it is proven the same, or it never answers again.
/// </summary>
internal sealed partial class InstanceRebuild(
    EpisodeReader episodes,
    StartingPoints starts,
    InstanceDirectory instances,
    OwnedInstances owned,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILogger<InstanceRebuild> log) : IDisposable
{
    /// <summary>
    /// Hundreds of instances may come at once when a worker has died. They wait in their own mailboxes, and those that
    /// live are served meanwhile.
    /// </summary>
    private readonly SemaphoreSlim _running = new(options.Value.RebuildsAtOnce);

    /// <summary>Workers that may die over one instance, and containers over one rebuild, before it is given up.</summary>
    private const int MostAttempts = 4;

    /// <summary>How long a rebuild waits for a place and for those before it, and is repeated, all in all.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Containers that may fail to start for one rebuild.</summary>
    private const int MostStarts = 3;

    /// <summary>Rebuilds in a container that others are in too, before one alone.</summary>
    private const int AttemptsAmongOthers = 2;

    public void Dispose() => _running.Dispose();

    /// <summary>Returns at once where the instance is in its container. Runs within the owner's mailbox.</summary>
    /// <param name="owner">The instance.</param>
    /// <param name="command">The command that needs it.</param>
    /// <param name="cancellationToken">Ends with the command's time; a rebuild goes on, and the next command finds it.</param>
    /// <param name="isolated">Whether it has to be alone in its container.</param>
    public async Task<Readiness> EnsureAsync(InstanceOwner owner, Command command, CancellationToken cancellationToken, bool isolated = false)
    {
        if (owner.HasLostItsContainer || (isolated && owner.Environment is not null && !owner.IsIsolated)) owner.Disconnect();
        if (owner.Environment is not null) return Readiness.Ready;
        if (!owner.Pool.Traits.Replayable)
        {
            return await EndAsync(owner, command, InstanceState.Lost, CommandReason.Lost, $"was lost: its container is gone, and '{owner.EnvType}' cannot be replayed");
        }

        if (owner.Attempts > MostAttempts)
        {
            return await EndAsync(owner, command, InstanceState.Lost, CommandReason.Lost, $"was lost: {owner.Attempts - 1} workers ended over it without taking its episode on");
        }

        for (var starts = 1; ; )
        {
            try
            {
                // One whose container died twice meanwhile is kept away from whatever killed it.
                var readiness = await TryAsync(owner, command, isolated || owner.FailedRebuilds >= AttemptsAmongOthers, cancellationToken);
                if (readiness is { } settled) return settled;
            }
            catch (ContainerException exception)
            {
                // One start may fail for what happens to it; several say that none will succeed.
                if (++starts > MostStarts || cancellationToken.IsCancellationRequested) return Failed(owner, command, exception);
            }
        }
    }

    /// <returns>Null where the container died or hung under the rebuild, which is tried again then.</returns>
    private async Task<Readiness?> TryAsync(InstanceOwner owner, Command command, bool isolated, CancellationToken cancellationToken)
    {
        if (owner.Rebuild is { } other && isolated && !other.IsIsolated) owner.Disconnect();
        var rebuild = owner.Rebuild ??= new RunningRebuild(limit => RunAsync(owner, isolated, limit), isolated, LongestWait, time);
        try
        {
            return await SettleAsync(owner, command, await rebuild.Outcome.WaitAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // There are few places alone, and one must not be held for a command that may never come.
            if (rebuild.IsIsolated) owner.Disconnect();
            return Readiness.Not(CommandReply.Expired(command, $"instance '{owner.InstanceId}' is still being rebuilt from its journal, which goes on; the command did not take effect, send a new one"));
        }
        catch (OperationCanceledException)
        {
            owner.Rebuild = null;
            return Readiness.Not(CommandReply.Failed(command, $"instance '{owner.InstanceId}' could not be rebuilt within {options.Value.RebuildTimeout.TotalSeconds:0} s. The next command tries again"));
        }
        catch (EnvironmentFailedException exception)
        {
            owner.Rebuild = null;
            return Failed(owner, command, exception);
        }
        catch
        {
            owner.Rebuild = null;
            throw;
        }
    }

    /// <summary>
    /// From the newest checkpoint where there is one; where that comes to nothing, from the first step. A container that
    /// died under it says nothing about a checkpoint: the next try goes without, and a later rebuild with it again.
    /// </summary>
    private async Task<RebuildOutcome> RunAsync(InstanceOwner owner, bool isolated, CancellationToken limit)
    {
        var outcome = await RunAsync(owner, isolated, owner.FailedRebuilds == 0, limit);
        return outcome.LeavesCheckpoint ? await RunAsync(owner, isolated, false, limit) : outcome;
    }

    private async Task<RebuildOutcome> RunAsync(InstanceOwner owner, bool isolated, bool fromCheckpoint, CancellationToken limit)
    {
        // The place before the permit: a rebuild that waits for room must not hold back one that has it.
        var slot = isolated ? await owner.Pool.StartIsolatedAsync(limit) : await owner.Pool.AcquireAsync(limit, recovery: true, owner.Tenant);
        var replayed = false;
        try
        {
            await _running.WaitAsync(limit);
            try
            {
                var record = await episodes.ReadEpisodeAsync(owner.EpisodeId, limit);
                if (record is not [{ Kind: JournalKind.Create }, ..]) return new RebuildOutcome(null);
                if (record[^1].Kind == JournalKind.Release) return new RebuildOutcome(null, HasEnded: true);
                var from = fromCheckpoint ? await starts.FindAsync(owner, limit) : null;
                replayed = true;
                using var timeout = new CancellationTokenSource(options.Value.RebuildTimeout, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit, timeout.Token);
                var outcome = await ReplayAsync(owner, record, slot, from, either.Token, limit);
                if (outcome.Instance is not null) await CountAsync(owner, outcome.Instance);
                return outcome;
            }
            catch (EnvironmentFailedException exception) when (exception is EnvironmentTimeoutException || slot.Container.Exited.IsCancellationRequested)
            {
                if (exception is EnvironmentTimeoutException) slot.Quarantine();
                return new RebuildOutcome(null, Broke: exception.Message);
            }
            finally
            {
                _running.Release();
            }
        }
        finally
        {
            if (!replayed) slot.Dispose();
        }
    }

    private async Task<RebuildOutcome> ReplayAsync(
        InstanceOwner owner, IReadOnlyList<JournalEntry> record, ContainerSlot slot, Checkpoint? from, CancellationToken cancellationToken, CancellationToken limit)
    {
        if (from is null) return await EpisodeReplay.RunAsync(owner.Row, owner.NewInnerId(), record, owner.Pool, slot, cancellationToken);
        try
        {
            var outcome = await EpisodeReplay.RunAsync(owner.Row, owner.NewInnerId(), record, owner.Pool, slot, cancellationToken, from);
            if (outcome.Difference is not { } difference) return outcome;
            await starts.DistrustAsync(owner, from, difference, isItsFault: true);
        }
        catch (Exception exception) when (exception is not EnvironmentFailedException && !limit.IsCancellationRequested)
        {
            await starts.DistrustAsync(owner, from, exception.Message, isItsFault: exception is not ContainerException);
        }

        return new RebuildOutcome(null, LeavesCheckpoint: true);
    }

    private async Task CountAsync(InstanceOwner owner, RebuiltInstance rebuilt)
    {
        try
        {
            await instances.RecoveredAsync(owner.EpisodeId, owner.Epoch, owner.Now, CancellationToken.None);
        }
        catch
        {
            Place.Free(rebuilt.Environment, rebuilt.Slot);
            throw;
        }
    }

    private async Task<Readiness?> SettleAsync(InstanceOwner owner, Command command, RebuildOutcome outcome)
    {
        owner.Rebuild = null;
        if (outcome.Instance is { } rebuilt)
        {
            owner.Rebuilt(rebuilt);
            Rebuilt(owner.InstanceId, outcome.Repeated - 1, owner.NextStep - 1);

            // Alone, it was rebuilt for an action that may be its end.
            if (outcome.Repeated > 1 && !rebuilt.Slot.IsIsolated) owner.Pool.Maturity.Proved();
            if (!owner.HasLostItsContainer)
            {
                owner.FailedRebuilds = 0;
                return Readiness.Ready;
            }

            owner.Disconnect();
            outcome = new RebuildOutcome(null, Broke: "its container ended right after the rebuild");
        }

        if (outcome.Broke is { } broke)
        {
            return ++owner.FailedRebuilds < MostAttempts
                ? null
                : await EndAsync(owner, command, InstanceState.Lost, CommandReason.Lost, $"was lost: {MostAttempts} rebuilds in a row did not survive, the last with: {broke};");
        }

        if (outcome.HasEnded)
        {
            owned.GiveUp(owner);
            return Readiness.Elsewhere;
        }

        return outcome.Difference is { } difference
            ? await EndAsync(owner, command, InstanceState.Diverged, CommandReason.Diverged, $"diverged when it was rebuilt: {difference}")
            : await EndAsync(owner, command, InstanceState.Lost, CommandReason.Lost, "was lost: its worker ended before it was made");
    }

    private static Readiness Failed(InstanceOwner owner, Command command, Exception failure) =>
        Readiness.Not(CommandReply.Failed(command, $"instance '{owner.InstanceId}' could not be rebuilt: {failure.Message}. The next command tries again"));

    private async Task<Readiness> EndAsync(InstanceOwner owner, Command command, InstanceState state, CommandReason reason, string why)
    {
        var now = owner.Now;
        if (!await instances.EndAsync(owner.EpisodeId, owner.Epoch, state, why, now, CancellationToken.None))
        {
            owned.GiveUp(owner);
            return Readiness.Elsewhere;
        }

        owned.Remove(owner);
        var detail = InstanceErrors.Ended(owner.InstanceId, why, now);
        owner.End(reason, detail);
        Unable(owner.InstanceId, reason);
        return Readiness.Not(CommandReply.Failed(command, detail, reason));
    }

    [LoggerMessage(LogLevel.Information, "instance '{Instance}' was rebuilt: {Again} of its {Steps} steps ran again and none differed")]
    private partial void Rebuilt(string instance, int again, int steps);

    [LoggerMessage(LogLevel.Error, "instance '{Instance}' has ended: {Reason}; its row in the journal says why")]
    private partial void Unable(string instance, CommandReason reason);
}
