using System.Diagnostics;
using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Telemetry.Traces;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Commands.Creation;

/// <summary>Makes one instance in a slot: row, environment, journal, in this order. A slot that does not become the instance's is given back.</summary>
internal sealed class InstanceMaking(InstanceDirectory instances, EpisodeJournal journal, RetryAnswers recorded)
{
    /// <param name="owner">The instance's owner.</param>
    /// <param name="command">Its Create.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="isLookedUp">Whether it is known that the Create has no end, and that no instance of that name lives.</param>
    /// <param name="cancellationToken">The Create's time.</param>
    /// <returns>Null where nothing was made because one of the two may be the case: it has to be looked up.</returns>
    /// <exception cref="EnvironmentRejectedException">The task is unknown, or a parameter is wrong.</exception>
    /// <exception cref="EnvironmentFailedException">The environment failed.</exception>
    /// <exception cref="ContainerException">No container could be started after the first had died.</exception>
    /// <exception cref="OperationCanceledException">The Create's time ran out.</exception>
    public async Task<OwnerResult?> MakeAsync(InstanceOwner owner, CreateInstance command, ContainerSlot slot, bool isLookedUp, CancellationToken cancellationToken)
    {
        try
        {
            owner.Row.ImageDigest = slot.Container.ImageDigest;
            if (!isLookedUp && !await instances.ClaimNewAsync(owner.Row, command.CommandId, cancellationToken)) return null;
            if (isLookedUp && await instances.ClaimAsync(owner.Row, cancellationToken) is not null) return OwnerResult.OwnerGone;
            return await MakeInAsync(slot, owner, command, cancellationToken);
        }
        catch (EnvironmentFailedException exception) when (slot.BrokeWith(exception))
        {
            // Another instance may have brought the container down. Once more, and if that fails it is said.
            var other = await owner.Pool.AcquireAsync(cancellationToken, recovery: true, command.Tenant);
            return await MakeInAsync(other, owner, command, cancellationToken);
        }
        finally
        {
            if (!owner.Connection.Uses(slot)) slot.Dispose();
        }
    }

    private async Task<OwnerResult> MakeInAsync(ContainerSlot slot, InstanceOwner owner, CreateInstance command, CancellationToken cancellationToken)
    {
        IEnvironmentInstance? environment = null;
        try
        {
            var started = Stopwatch.GetTimestamp();
            using (CommandTrace.Part("call environment", ActivityKind.Client, command.EnvType))
            {
                environment = await slot.CreateAsync(new NewInstance(command.EnvType, command.TaskId, owner.NewInnerId(), command.Params) { Tenant = command.Tenant }, cancellationToken);
            }

            var digest = slot.Container.ImageDigest;
            var opening = Opening.Compose(environment.Opening, command.InstanceId, command.TaskId, digest, owner.Pool.Traits.Canonical);
            if (owner.Row.ImageDigest != digest)
            {
                owner.Row.ImageDigest = digest;
                await instances.MadeOnAsync(owner.Row.EpisodeId, owner.Row.Epoch, digest, cancellationToken);
            }

            var environmentMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            started = Stopwatch.GetTimestamp();
            switch (await AppendAsync(owner, command, opening, environmentMs))
            {
                case JournalVerdict.Committed:
                    owner.Connection.Open(slot, environment, opening.Provenance);
                    owner.Position.Record(command.CommandId);
                    owner.Touch();
                    return CommandReply.Completed(command, opening.Answer, environmentMs, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                case JournalVerdict.Duplicate:
                    // Without a row: that was "no capacity", and its caller has sent the Create again since.
                    return await recorded.FindAsync(command, cancellationToken) is { } end ? end : OwnerResult.OwnerGone;
                default:
                    // Another worker has the row by now, and the command.
                    return OwnerResult.OwnerGone;
            }
        }
        finally
        {
            if (!owner.Connection.Uses(slot)) slot.Free(environment);
        }
    }

    private Task<JournalVerdict> AppendAsync(InstanceOwner owner, CreateInstance command, Opening opening, double environmentMs)
    {
        var entry = owner.NewEntry(command, JournalKind.Create);
        (entry.Step, entry.Action, entry.Params, entry.Answer) = (0, CommandContent.Action(command), command.Params, opening.Answer);
        (entry.ObservationHash, entry.EnvironmentMs) = (opening.ObservationHash, environmentMs);
        return journal.AppendAsync(new JournalAppend(entry, owner.Unmoved()), CancellationToken.None);
    }
}
