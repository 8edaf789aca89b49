using System.Diagnostics;
using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Commands.Creation;

/// <summary>Makes one instance in a slot: row, environment, journal, in this order. A slot that does not become the instance's is given back.</summary>
internal sealed class InstanceMaking(InstanceDirectory instances, EpisodeJournal journal, RetryAnswers recorded)
{
    /// <exception cref="EnvironmentRejectedException">The task is unknown, or a parameter is wrong.</exception>
    /// <exception cref="EnvironmentFailedException">The environment failed.</exception>
    /// <exception cref="ContainerException">No container could be started after the first had died.</exception>
    /// <exception cref="OperationCanceledException">The Create's time ran out.</exception>
    public async Task<OwnerResult> MakeAsync(InstanceOwner owner, CreateInstance command, ContainerSlot slot, CancellationToken cancellationToken)
    {
        try
        {
            owner.Row.ImageDigest = slot.Container.ImageDigest;
            if (await instances.ClaimAsync(owner.Row, cancellationToken) is not null) return OwnerResult.OwnerGone;
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
            environment = await slot.CreateAsync(new NewInstance(command.EnvType, command.TaskId, owner.NewInnerId(), command.Params), cancellationToken);
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
