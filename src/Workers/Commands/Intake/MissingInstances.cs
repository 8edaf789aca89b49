using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Telemetry.Measures;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>Answers commands whose instance has ended or was never made.</summary>
internal sealed class MissingInstances(
    CommandEnds ends, EnvironmentPools pools, NewOwners newOwners, OwnedInstances owned, WorkerLease lease, DrainState drain, CommandForwarding forwarding)
{
    /// <summary>
    /// A command that was executed before its instance ended gets its answer. A Create of which another of that name was
    /// ahead, and failed or was released, makes the instance itself; where this worker is full, one that is not makes it.
    /// </summary>
    public async Task<OwnerLookupResult> FindAsync(
        InstanceCommand command, Instance? ended, Uri? replyTo, CommandClock clock, CancellationToken cancellationToken)
    {
        if ((await ends.FindAsync(command, cancellationToken) ?? await ends.FindRepeatedStepAsync(command, cancellationToken)) is { } before)
        {
            CommandMeasures.CameAgain(command, "journal");
            return before;
        }

        if (command is CreateInstance create && pools.TryGet(create.EnvType, out var pool)) return await CreateAsync(create, pool, replyTo, clock, cancellationToken);

        return ended is null
            ? CommandReply.Rejected(command, CommandReason.UnknownInstance, InstanceErrors.Unknown(command.InstanceId))
            : CommandReply.Rejected(command, InstanceErrors.Reason(ended), InstanceErrors.Ended(ended));
    }

    private async Task<OwnerLookupResult> CreateAsync(
        CreateInstance create, ContainerPool pool, Uri? replyTo, CommandClock clock, CancellationToken cancellationToken)
    {
        if (!lease.IsLive) return OwnerLookupResult.NotExecuted;
        if (pool.FreeSlots == 0 || drain.IsDraining)
        {
            await forwarding.ReturnAsync(create, replyTo, clock, cancellationToken);
            return OwnerLookupResult.Forwarded;
        }

        if (newOwners.TryAdd(create, pool) is { } owner) return new OwnerLookupResult.Here(owner);
        return owned.TryGet(create.Tenant, create.InstanceId, out var faster) ? new OwnerLookupResult.Here(faster) : CommandReply.OwnerChanged(create);
    }
}
