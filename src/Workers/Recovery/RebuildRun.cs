using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Telemetry.Measures;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Recovery.Checkpoints;
using SandQueue.Workers.Recovery.State;
using SandQueue.Workers.Replay;

namespace SandQueue.Workers.Recovery;

/// <summary>Runs rebuilds, a few at a time: a slot, the episode as the journal records it, and the replay that proves the instance the same.</summary>
internal sealed partial class RebuildRun(
    EpisodeReader episodes,
    CheckpointSource checkpoints,
    VerifiedReplay replay,
    InstanceDirectory instances,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILogger<RebuildRun> log)
{
    /// <summary>
    /// Hundreds of instances may come at once when a worker has died. They wait in their own mailboxes, and those that
    /// live are served meanwhile. Never disposed, which would free nothing: a rebuild may end after the worker has.
    /// </summary>
    private SemaphoreSlim Running { get; } = new(options.Value.RebuildsAtOnce);

    /// <summary>
    /// From the newest checkpoint where there is one; where that comes to nothing, from the first step. A container that
    /// died under it says nothing about a checkpoint: the next try goes without, and a later rebuild with it again.
    /// </summary>
    /// <param name="owner">The instance.</param>
    /// <param name="isolated">Whether it gets a container of its own.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="OperationCanceledException">The replay took longer than the settings allow, or was given up.</exception>
    /// <exception cref="ContainerException">No container could be started.</exception>
    public async Task<RebuildOutcome> RunAsync(InstanceOwner owner, bool isolated, CancellationToken cancellationToken)
    {
        var (began, word) = (time.GetTimestamp(), "failed");
        try
        {
            var outcome = await RunAsync(owner, isolated, RecoveryState.Of(owner).FailedRebuilds == 0, cancellationToken);
            if (outcome is RebuildOutcome.CheckpointFailed) outcome = await RunAsync(owner, isolated, fromCheckpoint: false, cancellationToken);
            word = Word(outcome);
            return outcome;
        }
        finally
        {
            InstanceMeasures.Recovered(owner.Pool.Environment, word, time.GetElapsedTime(began));
        }
    }

    /// <summary>What metrics call it.</summary>
    private static string Word(RebuildOutcome outcome) => outcome switch
    {
        RebuildOutcome.Proven => "proven",
        RebuildOutcome.Diverged => "diverged",
        RebuildOutcome.Broken => "broken",
        RebuildOutcome.Released => "released",
        RebuildOutcome.NeverMade => "never_made",
        _ => "failed",
    };

    private async Task<RebuildOutcome> RunAsync(InstanceOwner owner, bool isolated, bool fromCheckpoint, CancellationToken cancellationToken)
    {
        // The slot before the permit: a rebuild that waits for capacity must not hold back one that has it.
        var slot = isolated ? await owner.Pool.StartIsolatedAsync(cancellationToken) : await owner.Pool.AcquireAsync(cancellationToken, recovery: true, owner.Row.Tenant);
        var replayed = false;
        try
        {
            await Running.WaitAsync(cancellationToken);
            try
            {
                var commands = await episodes.ReadCommandsAsync(owner.Row.EpisodeId, cancellationToken);
                if (commands is not [{ Kind: JournalKind.Create }, ..]) return new RebuildOutcome.NeverMade();
                if (commands[^1].Kind == JournalKind.Release) return new RebuildOutcome.Released();
                var from = fromCheckpoint ? await checkpoints.FindAsync(owner, cancellationToken) : null;
                replayed = true;
                var outcome = await ReplayAsync(owner, new RecordedEpisode(owner.Row, commands), slot, from, cancellationToken);
                if (outcome is RebuildOutcome.Proven { Instance: var rebuilt }) await CountAsync(owner, rebuilt);
                return outcome;
            }
            finally
            {
                Running.Release();
            }
        }
        finally
        {
            if (!replayed) slot.Dispose();
        }
    }

    private async Task<RebuildOutcome> ReplayAsync(InstanceOwner owner, RecordedEpisode episode, ContainerSlot slot, Checkpoint? from, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.RebuildTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var otherImage = OtherImage(owner, slot);
        try
        {
            var outcome = await replay.RunAsync(episode, owner.NewInnerId(), owner.Pool.Traits, slot, from, limit.Token);
            if (outcome is not RebuildOutcome.Diverged { Difference: var difference }) return outcome;
            if (from is null) return new RebuildOutcome.Diverged(difference + otherImage);
            await checkpoints.RejectAsync(owner, from, difference, discard: true);
        }
        catch (Exception exception) when (from is not null && exception is not EnvironmentFailedException && !cancellationToken.IsCancellationRequested)
        {
            await checkpoints.RejectAsync(owner, from, exception.Message, discard: exception is not ContainerException);
        }

        return new RebuildOutcome.CheckpointFailed();
    }

    /// <summary>A rebuild must use the image the episode was recorded on. One on another says so, and has to prove every step all the same.</summary>
    private string OtherImage(InstanceOwner owner, ContainerSlot slot)
    {
        if (owner.Row.ImageDigest is not { } recorded || recorded == slot.Container.ImageDigest) return "";
        RunsOnAnotherImage(owner.InstanceId, slot.Container.ImageDigest, recorded);
        return $" (made on image {recorded}, rebuilt on image {slot.Container.ImageDigest})";
    }

    private async Task CountAsync(InstanceOwner owner, RebuiltInstance rebuilt)
    {
        try
        {
            await instances.RecoveredAsync(owner.Row.EpisodeId, owner.Row.Epoch, owner.Now, CancellationToken.None);
        }
        catch
        {
            rebuilt.Slot.Free(rebuilt.Environment);
            throw;
        }
    }

    [LoggerMessage(LogLevel.Warning, "instance '{Instance}' is rebuilt on image {Image}, and was made on image {Recorded}; its steps have to come out the same")]
    private partial void RunsOnAnotherImage(string instance, string image, string recorded);
}
