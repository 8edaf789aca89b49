using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Storage.Fleet;
using SandQueue.Transport.Health;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;

namespace SandQueue.Workers.Fleet;

/// <summary>
/// Renews the worker's lease, three times in its length. Where it ended, the worker discards its instances and comes back under another
/// name. A worker that receives nothing while another does gives its lease up, so that the other takes its instances over; it comes back
/// once it can receive.
/// </summary>
internal sealed partial class LeaseRenewal(
    FleetRegistration registration,
    OwnedInstances owned,
    WorkerIdentity identity,
    WorkerLease lease,
    DrainState drain,
    IConsumerHealth consumers,
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
        var verdict = await registration.RenewAsync(cancellationToken);
        if (verdict == LeaseVerdict.Renewed)
        {
            if (!drain.IsDraining && await registration.IsDrainRequestedAsync(cancellationToken)) Drain();
            return;
        }

        // Before the database is told: once it is, others may take over, and this worker must not reply any more.
        lease.End();
        if (verdict == LeaseVerdict.Stalled) await GiveUpAsync(cancellationToken);
        if (drain.IsDraining) return;
        if (registration.IsKnown)
        {
            LeaseEnded(identity.Name);

            // The new name first: what comes meanwhile must not be made under one that owns nothing any more.
            registration.TakeNewName();
            owned.Discard();
        }

        // Its own queue first: a worker that cannot receive is not registered again, and is no capacity to anybody.
        await registration.JoinAsync(cancellationToken);
    }

    private Task GiveUpAsync(CancellationToken cancellationToken)
    {
        Stalled(identity.Name, consumers.SinceReceived.TotalSeconds);
        return registration.EndAsync(cancellationToken);
    }

    /// <summary>Ends the program, which drains first.</summary>
    private void Drain()
    {
        DrainRequested(identity.Name);
        lifetime.StopApplication();
    }

    [LoggerMessage(LogLevel.Information, "worker {Worker} was asked to drain")]
    private partial void DrainRequested(string worker);

    [LoggerMessage(LogLevel.Error, "worker {Worker} has received nothing for {Seconds:0} s while another worker receives; it gives its lease up, so that others take its instances over")]
    private partial void Stalled(string worker, double seconds);

    [LoggerMessage(LogLevel.Error, "the lease of worker {Worker} has ended; it discards its instances and comes back under another name")]
    private partial void LeaseEnded(string worker);

    [LoggerMessage(LogLevel.Warning, "the lease of worker {Worker} could not be renewed")]
    private partial void NotRenewed(string worker, Exception failure);
}
