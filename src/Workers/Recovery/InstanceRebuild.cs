using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Recovery.State;

namespace SandQueue.Workers.Recovery;

/// <summary>
/// Brings an instance back that lost its container or its worker: a fresh instance of the same task, every recorded step
/// run again, and every observation compared with the record. Either it is proven the same, or it never answers again.
/// </summary>
internal sealed partial class InstanceRebuild(
    RebuildRun rebuilds, InstanceEnding ending, OwnedInstances owned, IOptions<WorkerOptions> options, TimeProvider time, ILogger<InstanceRebuild> log)
{
    /// <summary>Workers that may die over one instance, and containers over one rebuild, before it is lost.</summary>
    private const int MaxAttempts = 4;

    /// <summary>Containers that may fail to start for one rebuild.</summary>
    private const int MaxStarts = 3;

    /// <summary>Rebuilds in a container that others are in too, before one in an isolated container.</summary>
    private const int SharedAttempts = 2;

    /// <summary>How long a rebuild waits for a slot and for those before it, and is repeated, all in all.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromHours(1);

    /// <summary>Returns at once where the instance is in its container. Runs within the owner's mailbox.</summary>
    /// <param name="owner">The instance.</param>
    /// <param name="command">The command that needs it.</param>
    /// <param name="isolated">Whether it has to have its container for itself.</param>
    /// <param name="cancellationToken">Ends with the command's time; a rebuild goes on, and the next command finds it.</param>
    public async Task<Readiness> EnsureAsync(InstanceOwner owner, Command command, bool isolated, CancellationToken cancellationToken)
    {
        var connection = owner.Connection;
        if (connection.IsLost || (isolated && connection.Environment is not null && !connection.IsIsolated)) owner.Disconnect();
        if (connection.Environment is not null) return new Readiness.Ready();
        if (!owner.Pool.Traits.Replayable)
        {
            return new Readiness.NotReady(await ending.LoseAsync(owner, command, $": its container is gone, and '{owner.Row.EnvType}' cannot be replayed"));
        }

        if (owner.Row.Attempts > MaxAttempts)
        {
            return new Readiness.NotReady(await ending.LoseAsync(owner, command, $": {owner.Row.Attempts - 1} workers died over it without taking its episode on"));
        }

        for (var starts = 1; ; )
        {
            try
            {
                // One whose container died twice meanwhile is kept away from whatever killed it.
                isolated |= RecoveryState.Of(owner).FailedRebuilds >= SharedAttempts;
                if (await TryAsync(owner, command, isolated, cancellationToken) is { } settled) return settled;
            }
            catch (ContainerException exception)
            {
                // One start may fail for what happens to it; several say that none will succeed.
                if (++starts > MaxStarts || cancellationToken.IsCancellationRequested) return Failed(owner, command, exception);
            }
        }
    }

    /// <returns>Null where the container died or hung under the rebuild, which is tried again then.</returns>
    private async Task<Readiness?> TryAsync(InstanceOwner owner, Command command, bool isolated, CancellationToken cancellationToken)
    {
        var state = RecoveryState.Of(owner);
        if (isolated && state.Rebuild is { IsIsolated: false }) state.CancelRebuild();
        var rebuild = state.Rebuild ??= new RunningRebuild(limit => rebuilds.RunAsync(owner, isolated, limit), isolated, Timeout, time);
        try
        {
            var outcome = await rebuild.Outcome.WaitAsync(cancellationToken);
            state.Rebuild = null;
            return await SettleAsync(owner, command, outcome);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // There are few isolated containers, and one must not be held for a command that may never come.
            if (rebuild.IsIsolated) state.CancelRebuild();
            return new Readiness.NotReady(CommandReply.Expired(
                command, $"instance '{owner.InstanceId}' is still being rebuilt from its journal, which goes on; the command was not executed, send a new one"));
        }
        catch (OperationCanceledException)
        {
            state.Rebuild = null;
            return Failed(owner, command, $" within {options.Value.RebuildTimeout.TotalSeconds:0} s");
        }
        catch (EnvironmentFailedException exception)
        {
            state.Rebuild = null;
            return Failed(owner, command, exception);
        }
        catch
        {
            state.Rebuild = null;
            throw;
        }
    }

    private async Task<Readiness?> SettleAsync(InstanceOwner owner, Command command, RebuildOutcome outcome)
    {
        switch (outcome)
        {
            case RebuildOutcome.Proven proven:
                return await ConnectAsync(owner, command, proven);
            case RebuildOutcome.Broken broken:
                return await CountBrokenAsync(owner, command, broken.Reason);
            case RebuildOutcome.Diverged diverged:
                return new Readiness.NotReady(await ending.DivergeAsync(owner, command, diverged.Difference));
            case RebuildOutcome.NeverMade:
                return new Readiness.NotReady(await ending.LoseAsync(owner, command, ": its worker died before it was made"));
            default:
                owned.GiveUp(owner);
                return new Readiness.NotReady(OwnerResult.OwnerGone);
        }
    }

    private async Task<Readiness?> ConnectAsync(InstanceOwner owner, Command command, RebuildOutcome.Proven proven)
    {
        var rebuilt = proven.Instance;
        owner.Position.MoveTo(rebuilt.NextStep, rebuilt.End, rebuilt.Commands);
        owner.Connection.Open(rebuilt.Slot, rebuilt.Environment, rebuilt.Provenance);
        Rebuilt(owner.InstanceId, proven.Repeated - 1, rebuilt.NextStep - 1);

        // Alone, it was rebuilt for an action that may be its end.
        if (proven.Repeated > 1 && !rebuilt.Slot.IsIsolated) owner.Pool.Maturity.Proved();
        if (owner.Connection.IsLost)
        {
            owner.Disconnect();
            return await CountBrokenAsync(owner, command, "its container ended right after the rebuild");
        }

        RecoveryState.Of(owner).FailedRebuilds = 0;
        return new Readiness.Ready();
    }

    private async Task<Readiness?> CountBrokenAsync(InstanceOwner owner, Command command, string reason) =>
        ++RecoveryState.Of(owner).FailedRebuilds < MaxAttempts
            ? null
            : new Readiness.NotReady(await ending.LoseAsync(owner, command, $": {MaxAttempts} rebuilds in a row did not survive, the last with: {reason};"));

    private static Readiness.NotReady Failed(InstanceOwner owner, Command command, Exception failure) => Failed(owner, command, $": {failure.Message}");

    private static Readiness.NotReady Failed(InstanceOwner owner, Command command, string why) =>
        new(CommandReply.Failed(command, $"instance '{owner.InstanceId}' could not be rebuilt{why}. The next command tries again"));

    [LoggerMessage(LogLevel.Information, "instance '{Instance}' was rebuilt: {Again} of its {Steps} steps ran again and none differed")]
    private partial void Rebuilt(string instance, int again, int steps);
}
