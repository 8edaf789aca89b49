using SandQueue.Contracts;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Leases;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>Takes a command to the living worker that owns its instance, where that is another.</summary>
internal sealed class OtherOwners(WorkerDirectory workers, WorkerIdentity worker, CommandEnds ends, CommandForwarding forwarding)
{
    /// <returns>Null where no other living worker owns the instance.</returns>
    public async Task<OwnerLookupResult?> TryForwardAsync<TCommand>(
        TCommand command, Instance row, Uri? replyTo, CommandClock clock, CancellationToken cancellationToken)
        where TCommand : InstanceCommand
    {
        if (row.Owner is not { } name || name == worker.Name || await workers.FindLivingAsync(name, cancellationToken) is not { } other) return null;

        // It has no queue of our version, and while it lives nobody may take its instance over.
        if (other.Contract != QueueNames.ContractVersion)
        {
            return await ends.FindAsync(command, cancellationToken)
                ?? CommandReply.Failed(command, InstanceErrors.OtherVersion(command.InstanceId, other), CommandReason.OtherVersion);
        }

        if (!CommandForwarding.Allows(command)) return CommandReply.OwnerChanged(command);
        await forwarding.ToWorkerAsync(command, other.Name, replyTo, clock, cancellationToken);
        return OwnerLookupResult.Forwarded;
    }
}
