using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;
using SandQueue.Transport.Health;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Serving;

namespace SandQueue.Workers.Fleet;

/// <summary>This worker's row among the living workers: registered, renewed with its lease, ended.</summary>
internal sealed class FleetRegistration(
    WorkerDirectory workers,
    WorkerIdentity identity,
    WorkerLease lease,
    WorkerEndpoints endpoints,
    IConsumerHealth consumers,
    EnvironmentServing serving,
    WorkerCapacity capacity,
    ContainerReport containers,
    IOptions<WorkerOptions> options)
{
    private readonly TimeSpan _length = options.Value.Lease;
    private bool _wasAttempted;

    /// <summary>Whether the database knows this worker under its present name.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>
    /// Registers the worker, and receives what is sent to it. Each attempt has a name of its own: an attempt whose acknowledgement was lost
    /// holds its name until its lease runs out.
    /// </summary>
    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        if (_wasAttempted) identity.Change();

        // The queue before the row: who reads the row may send at once, and a broker that is away costs no lease.
        await endpoints.OwnAsync(identity.Name, cancellationToken);
        var mark = lease.Mark();
        var free = capacity.Measure();
        _wasAttempted = true;
        await workers.RegisterAsync(
            new Worker
            {
                Name = identity.Name,
                Host = Environment.MachineName,
                Version = typeof(FleetRegistration).Assembly.GetName().Version!.ToString(3),
                Contract = QueueNames.ContractVersion,
                Environments = serving.Catalogue,
                FreeSlots = free.Sum(environment => environment.FreeSlots),
                Capacity = free,
            },
            _length,
            cancellationToken);
        containers.Published([]);
        lease.Renewed(mark, _length);
        (IsKnown, _wasAttempted) = (true, false);
    }

    /// <summary>Renews the lease.</summary>
    public async Task<LeaseVerdict> RenewAsync(CancellationToken cancellationToken)
    {
        var mark = lease.Mark();
        if (!lease.IsLive) return LeaseVerdict.Ended;
        var measured = containers.Measure();
        var verdict = await workers.RenewAsync(identity.Name, _length, consumers.SinceReceived, capacity.Measure(), containers.Changed(measured), cancellationToken);
        if (verdict != LeaseVerdict.Renewed) return verdict;
        lease.Renewed(mark, _length);
        containers.Published(measured);
        return verdict;
    }

    /// <summary>Whether an operator asked this worker to drain.</summary>
    public Task<bool> IsDrainRequestedAsync(CancellationToken cancellationToken) => workers.IsDrainingAsync(identity.Name, cancellationToken);

    /// <summary>The living workers that speak another version of the contract.</summary>
    public async Task<IReadOnlyList<Worker>> ListForeignAsync(CancellationToken cancellationToken) =>
        [.. (await workers.ListLivingAsync(cancellationToken)).Where(worker => worker.Contract != QueueNames.ContractVersion)];

    /// <summary>Takes another name, for the lease of this one has ended.</summary>
    public void TakeNewName()
    {
        identity.Change();
        IsKnown = false;
    }

    /// <summary>Ends the lease, so that nothing this worker owned waits until it runs out.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => workers.EndLeaseAsync(identity.Name, cancellationToken);
}
