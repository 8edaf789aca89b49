using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;

namespace SandQueue.Workers.Hosting;

/// <summary>Renews the worker's lease, three times in its length. Where it ended, the worker discards its instances and comes back under another name.</summary>
internal sealed partial class LeaseRenewal(
    FleetRegistration registration,
    OwnedInstances owned,
    WorkerIdentity identity,
    WorkerLease lease,
    DrainState drain,
    IHostApplicationLifetime lifetime,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILogger<LeaseRenewal> log)
{
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(options.Value.Lease / 3, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await RenewAsync(stopping);
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                // The database may be back by the next tick; until then the lease runs on, or out.
                NotRenewed(identity.Name, exception);
            }
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (await registration.TryRenewAsync(cancellationToken))
        {
            if (!drain.IsDraining && await registration.IsDrainRequestedAsync(cancellationToken)) Drain();
            return;
        }

        lease.End();
        if (drain.IsDraining) return;
        if (registration.IsKnown)
        {
            LeaseEnded(identity.Name);

            // The new name first: what comes meanwhile must not be made under one that owns nothing any more.
            registration.TakeNewName();
            owned.Discard();
        }

        await registration.JoinAsync(cancellationToken);
    }

    /// <summary>Ends the program, which drains first.</summary>
    private void Drain()
    {
        DrainRequested(identity.Name);
        lifetime.StopApplication();
    }

    [LoggerMessage(LogLevel.Information, "worker {Worker} was asked to drain")]
    private partial void DrainRequested(string worker);

    [LoggerMessage(LogLevel.Error, "the lease of worker {Worker} has ended; it discards its instances and comes back under another name")]
    private partial void LeaseEnded(string worker);

    [LoggerMessage(LogLevel.Warning, "the lease of worker {Worker} could not be renewed")]
    private partial void NotRenewed(string worker, Exception failure);
}
