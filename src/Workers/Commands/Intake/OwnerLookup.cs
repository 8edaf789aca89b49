using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>
/// Finds the owner of a command's instance: this worker, another (the command is forwarded to it), or none that lives
/// (this worker takes the instance over). A Create goes back to its shared queue.
/// </summary>
internal sealed class OwnerLookup(OwnedInstances owned, InstanceDirectory instances, OtherOwners others, MissingInstances missing, InstanceTakeover takeover)
{
    /// <summary>The owner where it is this worker, as nearly always; nothing is asked for it.</summary>
    public InstanceOwner? FindHere(InstanceCommand command) => owned.TryGet(command.Tenant, command.InstanceId, out var owner) ? owner : null;

    /// <summary>Asks the database where it has to.</summary>
    public async Task<OwnerLookupResult> FindAsync<TCommand>(TCommand command, Uri? replyTo, CommandClock clock, CancellationToken cancellationToken)
        where TCommand : InstanceCommand
    {
        if (owned.TryGet(command.Tenant, command.InstanceId, out var owner)) return new OwnerLookupResult.Here(owner);

        var row = await instances.FindNewestAsync(command.Tenant, command.InstanceId, cancellationToken);
        if (row is null || row.EndedAt is not null) return await missing.FindAsync(command, row, replyTo, clock, cancellationToken);

        return await others.TryForwardAsync(command, row, replyTo, clock, cancellationToken)
            ?? await takeover.RunAsync(command, row, replyTo, clock, cancellationToken);
    }
}
