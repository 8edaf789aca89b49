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

/// <summary>Makes one instance: room, row, environment, journal, in this order; what fails undoes what came before it.</summary>
internal sealed class CreateExecution(
    InstanceDirectory instances, EpisodeJournal journal, CommandEnds ends, RecordedAnswers recorded, OwnedInstances owned) : ICommandExecution<CreateInstance>
{
    /// <summary>Workers that may die over one Create.</summary>
    private const int MostAttempts = 3;

    /// <summary>Containers that may fail to start for one Create.</summary>
    private const int MostStarts = 3;

    /// <summary>How long a full worker keeps a Create before it lets another have it.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    public async Task<CommandReply?> ExecuteAsync(InstanceOwner owner, CreateInstance command, CommandClock clock, CancellationToken cancellationToken)
    {
        if (owner.IsClaimed)
        {
            if (await recorded.RepeatCreateAsync(owner, command, cancellationToken) is { } repeated) return repeated;
            if (await GiveUpUnmadeAsync(owner, command) is { } refused) return refused;
        }

        CommandReply? reply;
        try
        {
            reply = await TryMakeAsync(owner, command, cancellationToken);
        }
        catch
        {
            // An owner of nothing would answer for an instance that another worker makes.
            owned.GiveUp(owner);
            throw;
        }

        if (owner.Environment is not null) return reply;

        owned.GiveUp(owner);
        if (owner.IsClaimed)
        {
            var detail = $"was not made: {reply?.Detail ?? "its command had made another before"}";
            await instances.EndAsync(owner.EpisodeId, owner.Epoch, InstanceState.Failed, detail, owner.Now, CancellationToken.None);
        }

        return reply;
    }

    /// <summary>
    /// Ends the row of an instance whose worker died while it made it, so that it is made anew. A Create that killed
    /// several workers is not given another.
    /// </summary>
    private async Task<CommandReply?> GiveUpUnmadeAsync(InstanceOwner owner, CreateInstance command)
    {
        var attempts = owner.Attempts;
        await instances.EndAsync(owner.EpisodeId, owner.Epoch, InstanceState.Failed, "was not made: its worker ended", owner.Now, CancellationToken.None);
        owner.StartOver();
        if (attempts < MostAttempts) return null;

        owned.GiveUp(owner);
        return CommandReply.Failed(command, $"{attempts} workers ended while they made instance '{owner.InstanceId}'; it is not tried again");
    }

    private async Task<CommandReply?> TryMakeAsync(InstanceOwner owner, CreateInstance command, CancellationToken cancellationToken)
    {
        try
        {
            // Before it waits for room: what was made before needs none.
            if (await ends.FindAsync(command, cancellationToken) is { } before) return before;
            if (await instances.FindLivingAsync(command.Tenant, command.InstanceId, cancellationToken) is not null) return null;

            if (await AcquireAsync(owner.Pool, command.Tenant, cancellationToken) is not { } slot) return null;
            try
            {
                if (await instances.ClaimAsync(owner.Row, cancellationToken) is not null) return null;
                return await MakeAsync(owner, command, slot, cancellationToken);
            }
            catch (EnvironmentFailedException) when (slot.Container.Exited.IsCancellationRequested)
            {
                // Another instance may have brought the container down. Once more, and if that fails it is said.
                var other = await owner.Pool.AcquireAsync(cancellationToken, recovery: true, command.Tenant);
                return await MakeAsync(owner, command, other, cancellationToken);
            }
            finally
            {
                if (!owner.IsIn(slot)) slot.Dispose();
            }
        }
        catch (EnvironmentRejectedException exception)
        {
            return CommandReply.Rejected(command, CommandReason.InvalidRequest, exception.Message);
        }
        catch (Exception exception) when (exception is EnvironmentFailedException or ContainerException)
        {
            return CommandReply.Failed(command, $"instance '{command.InstanceId}' could not be made: {exception.Message}");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return owner.IsClaimed
                ? CommandReply.Expired(command, $"instance '{command.InstanceId}' could not be made in time")
                : CommandReply.Rejected(command, CommandReason.NoCapacity, $"no capacity: {await instances.CountLivingAsync(CancellationToken.None)} instances live, and no room for another of '{command.EnvType}' became free in time");
        }
    }

    /// <summary>Waits while this worker has room, or will have it once a container has started.</summary>
    /// <returns>Null where it is full: the Create goes back to the queue, for a worker that is not.</returns>
    private static async Task<ContainerSlot?> AcquireAsync(ContainerPool pool, string tenant, CancellationToken cancellationToken)
    {
        var starts = 1;
        do
        {
            using var moment = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            moment.CancelAfter(Moment);
            try
            {
                return await pool.AcquireAsync(moment.Token, tenant: tenant);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Only this moment is over.
            }
            catch (ContainerException) when (starts++ < MostStarts)
            {
                // One start may fail for what happens to it; several say that none will succeed.
            }
        }
        while (pool.FreeSlots > 0);
        return null;
    }

    private async Task<CommandReply?> MakeAsync(InstanceOwner owner, CreateInstance command, ContainerSlot slot, CancellationToken cancellationToken)
    {
        IEnvironmentInstance? environment = null;
        try
        {
            var started = Stopwatch.GetTimestamp();
            environment = await owner.Pool.Protocol.CreateAsync(
                slot.Container, new NewInstance(owner.EnvType, owner.TaskId, owner.NewInnerId(), command.Params), cancellationToken);
            var opening = Opening.Compose(environment.Opening, command.InstanceId, command.TaskId, slot.Container.ImageDigest, owner.Pool.Traits.Canonical);
            return await RecordAsync(owner, command, slot, environment, opening, Stopwatch.GetElapsedTime(started).TotalMilliseconds, cancellationToken);
        }
        finally
        {
            if (!owner.IsIn(slot)) Place.Free(environment, slot);
        }
    }

    private async Task<CommandReply?> RecordAsync(
        InstanceOwner owner,
        CreateInstance command,
        ContainerSlot slot,
        IEnvironmentInstance environment,
        Opening opening,
        double environmentMs,
        CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var entry = owner.NewEntry(command, JournalKind.Create);
        (entry.Step, entry.Action, entry.Params, entry.Answer) = (0, CommandContent.Action(command), command.Params, opening.Answer);
        (entry.ObservationHash, entry.EnvironmentMs) = (opening.ObservationHash, environmentMs);
        switch (await journal.AppendAsync(new JournalAppend(entry, owner.Unmoved()), CancellationToken.None))
        {
            case JournalVerdict.Committed:
                owner.Connect(slot, environment, opening.Provenance);
                owner.Recorded.Add(command.CommandId);
                owner.Touch();
                return CommandReply.Completed(command, opening.Answer, environmentMs, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            case JournalVerdict.Duplicate:
                return await recorded.RefusedAsync(command, cancellationToken);
            default:
                // Another worker has the row by now, and the command.
                return null;
        }
    }
}
