using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;
using SandQueue.Telemetry.Measures;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>
/// Makes this worker the owner of an instance whose owner's lease has ended; its first command rebuilds it. A worker takes over only while
/// its own lease is live: what it took without one, the next worker would take from it, and count as an attempt.
/// </summary>
internal sealed class InstanceTakeover(
    OwnedInstances owned, NewOwners newOwners, InstanceDirectory instances, EnvironmentPools pools, WorkerIdentity worker, WorkerLease lease, DrainState drain, CommandForwarding forwarding)
{
    public async Task<OwnerLookupResult> RunAsync<TCommand>(TCommand command, Instance row, Uri? replyTo, CommandClock clock, CancellationToken cancellationToken)
        where TCommand : InstanceCommand
    {
        if (drain.IsDraining)
        {
            // A worker that drains takes nothing over: another finds the command in the shared entry.
            await forwarding.ToEntryAsync(command, row.EnvType, replyTo, clock, cancellationToken);
            return OwnerLookupResult.Forwarded;
        }

        if (!lease.IsLive) return OwnerLookupResult.NotExecuted;
        if (!pools.TryGet(row.EnvType, out var pool))
        {
            return CommandReply.Failed(command, $"no living worker serves '{row.EnvType}', the environment of instance '{row.InstanceId}'");
        }

        // Commands that come for it meanwhile wait in the mailbox behind the takeover.
        var owner = newOwners.Of(row, pool);
        if (!owned.TryAdd(owner)) return owned.TryGet(row.Tenant, row.InstanceId, out var faster) ? new OwnerLookupResult.Here(faster) : CommandReply.OwnerChanged(command);

        await owner.Mailbox.RunAsync(() => TakeOverAsync(owner, cancellationToken));
        return owner.IsAbandoned ? CommandReply.OwnerChanged(command) : new OwnerLookupResult.Here(owner);
    }

    private async Task TakeOverAsync(InstanceOwner owner, CancellationToken cancellationToken)
    {
        var taken = false;
        try
        {
            // Where this worker came back under another name meanwhile, the owner is that of a dead worker.
            taken = lease.IsLive && owner.Worker == worker.Name && await instances.TakeOverAsync(owner.Row, owner.Worker, cancellationToken);
        }
        finally
        {
            if (taken)
            {
                owner.Position.MoveTo(owner.Row.NextStep, owner.Row.EndReason);
                InstanceMeasures.TakenOver(owner.Pool.Environment);
            }
            else
            {
                owned.GiveUp(owner);
            }
        }
    }
}
