using SandQueue.Contracts;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Transport.Sending;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>
/// Finds the owner of a command's instance: this worker, another (the command is forwarded to it), or none that lives
/// (this worker takes the instance over, and rebuilds it with its first command). A Create goes back to its shared queue.
/// </summary>
internal sealed class OwnerLookup(
    OwnedInstances owned,
    NewOwners newOwners,
    CommandEnds ends,
    InstanceDirectory instances,
    WorkerDirectory workers,
    EnvironmentPools pools,
    WorkerIdentity worker,
    DrainState drain,
    IMessageSender messages)
{
    private const int MostForwards = 2;

    /// <returns>The owner here, or a reply that refuses the command, or neither where the command was forwarded.</returns>
    public async Task<(InstanceOwner? Owner, CommandReply? Reply)> FindAsync<TCommand>(TCommand command, Uri? replyTo, CommandClock clock, CancellationToken cancellationToken)
        where TCommand : InstanceCommand
    {
        if (owned.TryGet(command.Tenant, command.InstanceId, out var owner)) return (owner, null);

        var row = await instances.FindNewestAsync(command.Tenant, command.InstanceId, cancellationToken);
        if (row is null || row.EndedAt is not null) return await WithoutInstanceAsync(command, row, replyTo, clock, cancellationToken);

        if (row.Owner is { } name && name != worker.Name && await workers.FindLivingAsync(name, cancellationToken) is { } other)
        {
            // It has no queue of our version, and while it lives nobody may take its instance over.
            if (other.Contract != QueueNames.ContractVersion) return (null, await ends.FindAsync(command, cancellationToken) ?? CommandReply.Failed(command, InstanceErrors.OtherVersion(command.InstanceId, other), CommandReason.OtherVersion));
            if (command.Forwards >= MostForwards) return (null, CommandReply.OwnerChanged(command));
            await messages.SendOwnAsync(QueueNames.Worker(other.Name), new Envelope<TCommand> { Commands = [Forwarded(command, clock.Left)] }, replyTo, cancellationToken);
            return (null, null);
        }

        if (drain.IsDraining)
        {
            await LeaveToOthersAsync(command, row.EnvType, replyTo, clock, cancellationToken);
            return (null, null);
        }

        return await TakeOverAsync(command, row, cancellationToken);
    }

    /// <summary>
    /// A command that took effect before its instance ended gets its answer. A Create of which another of that name was
    /// ahead, and failed or was released, makes the instance itself; where this worker is full, one that is not makes it.
    /// </summary>
    private async Task<(InstanceOwner? Owner, CommandReply? Reply)> WithoutInstanceAsync(
        InstanceCommand command, Instance? ended, Uri? replyTo, CommandClock clock, CancellationToken cancellationToken)
    {
        if (await ends.FindAsync(command, cancellationToken) is { } before) return (null, before);
        if (command is CreateInstance create && pools.TryGet(create.EnvType, out var pool))
        {
            if (pool.FreeSlots == 0 || drain.IsDraining)
            {
                await ReturnAsync(create, replyTo, clock, cancellationToken);
                return (null, null);
            }

            if (newOwners.TryAdd(create, pool) is { } owner) return (owner, null);
            return owned.TryGet(command.Tenant, command.InstanceId, out var faster) ? (faster, null) : (null, CommandReply.OwnerChanged(command));
        }

        return ended is null
            ? (null, CommandReply.Rejected(command, CommandReason.UnknownInstance, InstanceErrors.Unknown(command.InstanceId)))
            : (null, CommandReply.Rejected(command, InstanceErrors.Reason(ended), InstanceErrors.Ended(ended)));
    }

    /// <summary>A Create that this worker has no room for goes back to the queue it shares with others.</summary>
    private Task ReturnAsync(CreateInstance create, Uri? replyTo, CommandClock clock, CancellationToken cancellationToken)
    {
        var left = clock.Left;
        return left <= TimeSpan.Zero
            ? Task.CompletedTask
            : messages.SendSharedAsync(QueueNames.Create(create.EnvType), create with { RemainingMs = (int)left.TotalMilliseconds + 1 }, replyTo, left, cancellationToken);
    }

    private async Task<(InstanceOwner? Owner, CommandReply? Reply)> TakeOverAsync(InstanceCommand command, Instance row, CancellationToken cancellationToken)
    {
        if (!pools.TryGet(row.EnvType, out var pool))
        {
            return (null, CommandReply.Failed(command, $"no living worker serves '{row.EnvType}', the environment of instance '{row.InstanceId}'"));
        }

        // Commands that come for it meanwhile wait in the mailbox behind the takeover.
        var owner = newOwners.Of(row, pool);
        if (!owned.TryAdd(owner)) return owned.TryGet(row.Tenant, row.InstanceId, out var faster) ? (faster, null) : (null, CommandReply.OwnerChanged(command));

        var taken = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        owner.Post(async () =>
        {
            try
            {
                var won = await instances.TakeOverAsync(row, worker.Name, cancellationToken);
                if (won) owner.TakenOver();
                else Abandon(owner);
                taken.SetResult(won);
            }
            catch (Exception exception)
            {
                Abandon(owner);
                taken.SetException(exception);
            }
        });
        return await taken.Task ? (owner, null) : (null, CommandReply.OwnerChanged(command));
    }

    private void Abandon(InstanceOwner owner)
    {
        owner.Abandon();
        owned.Remove(owner);
    }

    /// <summary>A worker that leaves takes nothing over: another finds the command in the shared entry.</summary>
    private Task LeaveToOthersAsync<TCommand>(TCommand command, string environment, Uri? replyTo, CommandClock clock, CancellationToken cancellationToken)
        where TCommand : InstanceCommand =>
        messages.SendSharedAsync(
            QueueNames.Entry(environment), new Envelope<TCommand> { Commands = [Forwarded(command, clock.Left)] }, replyTo, clock.Left, cancellationToken);

    /// <summary>A command on its way to another worker: counts the forward, so that no command can circle, and the time it has left.</summary>
    private static TCommand Forwarded<TCommand>(TCommand command, TimeSpan left)
        where TCommand : InstanceCommand =>
        command with { Forwards = command.Forwards + 1, RemainingMs = (int)Math.Clamp(left.TotalMilliseconds, 1, int.MaxValue) };
}
