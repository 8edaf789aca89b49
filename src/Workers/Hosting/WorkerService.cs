using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Hosting.Startup;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Draining;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Serving;

namespace SandQueue.Workers.Hosting;

/// <summary>A worker's life: register, start its environments, renew the lease, leave.</summary>
internal sealed partial class WorkerService(
    EnvironmentPools pools,
    EnvironmentServing serving,
    IRuntime runtime,
    WorkerDirectory workers,
    OwnedInstances owned,
    WorkerIdentity identity,
    WorkerLease lease,
    WorkerEndpoints endpoints,
    DrainState drain,
    InstanceHandover handover,
    IHostApplicationLifetime lifetime,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILogger<WorkerService> log) : BackgroundService
{
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan StartPause = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the database knows this worker under its present name.</summary>
    private bool _isKnown;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Known as living before it starts its first container, or another worker would take that for a leftover.
        await PersistAsync(JoinAsync, cancellationToken);
        await base.StartAsync(cancellationToken);
        await PersistAsync(TellOfOthersAsync, cancellationToken);
        await PersistAsync(RemoveLeftoversAsync, cancellationToken);
        await PersistAsync(serving.StartAsync, cancellationToken);
        _started.SetResult();
    }

    /// <summary>
    /// Leaves in an order in which nothing is lost: no new work, what runs is finished, the instances are left to others,
    /// and only then the lease and the containers go.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        drain.Begin();
        await endpoints.UnshareAsync();
        await handover.RunAsync(cancellationToken);
        await endpoints.DisownAsync();
        await base.StopAsync(cancellationToken);
        lease.End();
        await EndLeaseAsync();
        await pools.DisposeAsync();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(KeepLeaseAsync(stoppingToken), ServeLaterAsync(stoppingToken));

    private async Task ServeLaterAsync(CancellationToken stopping)
    {
        await _started.Task.WaitAsync(stopping);
        await serving.RetryAsync(stopping);
    }

    private async Task KeepLeaseAsync(CancellationToken stopping)
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
        var mark = lease.Mark();
        if (lease.IsLive && await workers.RenewAsync(identity.Name, options.Value.Lease, Capacity(), cancellationToken))
        {
            lease.Renewed(mark, options.Value.Lease);
            if (!drain.IsDraining && await workers.IsDrainingAsync(identity.Name, cancellationToken)) Drain();
            return;
        }

        lease.End();
        if (drain.IsDraining) return;
        if (_isKnown)
        {
            LeaseEnded(identity.Name);

            // The new name first: what comes meanwhile must not be made under one that owns nothing any more.
            identity.Change();
            _isKnown = false;
            owned.Discard();
        }

        await JoinAsync(cancellationToken);
    }

    private List<EnvironmentCapacity> Capacity()
    {
        var live = owned.All.CountBy(owner => owner.Pool.Environment).ToDictionary(StringComparer.Ordinal);
        return [.. pools.All.Select(pool => new EnvironmentCapacity(pool.Environment, drain.IsDraining ? 0 : pool.FreeSlots, live.GetValueOrDefault(pool.Environment)))];
    }

    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        // The queue before the row: who reads the row may send at once, and a broker that is away costs no lease.
        await endpoints.OwnAsync(identity.Name);
        var mark = lease.Mark();
        await workers.RegisterAsync(
            new Worker
            {
                Name = identity.Name,
                Host = Environment.MachineName,
                Version = typeof(WorkerService).Assembly.GetName().Version!.ToString(3),
                Contract = QueueNames.ContractVersion,
                Environments = serving.Catalogue,
                FreeSlots = pools.FreeSlots,
            },
            options.Value.Lease,
            cancellationToken);
        lease.Renewed(mark, options.Value.Lease);
        _isKnown = true;
    }

    /// <summary>A broker or database that goes away for a moment is no reason for a worker not to start.</summary>
    private async Task PersistAsync(Func<CancellationToken, Task> start, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await start(cancellationToken);
                return;
            }
            catch (Exception exception) when (DatabaseFailure.Is(exception) || exception is TimeoutException or MassTransit.MassTransitException)
            {
                var reason = exception.GetBaseException().Message.ReplaceLineEndings(" ");
                if (time.GetElapsedTime(began) >= options.Value.StartTimeout) throw new StartupException($"the worker cannot start: {reason}");
                NotStarted(identity.Name, reason);
                await Task.Delay(StartPause, time, cancellationToken);
            }
        }
    }

    /// <summary>Workers of another version are no reason not to start, or no farm could be updated: they share no queue with this one.</summary>
    private async Task TellOfOthersAsync(CancellationToken cancellationToken)
    {
        var others = (await workers.ListLivingAsync(cancellationToken)).Where(worker => worker.Contract != QueueNames.ContractVersion).ToList();
        if (others.Count == 0) return;
        OthersLive(identity.Name, QueueNames.ContractVersion, others.Count, string.Join(", ", others.Select(other => $"{other.Version} ({other.Contract})").Distinct()));
    }

    private async Task RemoveLeftoversAsync(CancellationToken cancellationToken)
    {
        var removed = await runtime.RemoveLeftoversAsync(workers.IsProcessLivingAsync, cancellationToken);
        if (removed > 0) RemovedLeftovers(removed);
    }

    /// <summary>Ends the program, which leaves in good order.</summary>
    private void Drain()
    {
        Drained(identity.Name);
        lifetime.StopApplication();
    }

    private async Task EndLeaseAsync()
    {
        // Even where the time for stopping is over: without it all that this worker owned waits for the end of its lease.
        using var limit = new CancellationTokenSource(LeaveLimit, time);
        try
        {
            await workers.EndLeaseAsync(identity.Name, limit.Token);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) || exception is OperationCanceledException)
        {
            // Then its lease runs out by itself.
            NotRenewed(identity.Name, exception);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} containers that dead workers left behind were removed")]
    private partial void RemovedLeftovers(int count);

    [LoggerMessage(LogLevel.Information, "worker {Worker} was asked to leave")]
    private partial void Drained(string worker);

    [LoggerMessage(
        LogLevel.Warning,
        "worker {Worker} speaks messages {Ours}, and {Count} living workers speak others: {Versions}; gateways send each to its own, so run gateways of both versions until the update is over")]
    private partial void OthersLive(string worker, int ours, int count, string versions);

    [LoggerMessage(LogLevel.Error, "the lease of worker {Worker} has ended; it gives up its instances and comes back under another name")]
    private partial void LeaseEnded(string worker);

    [LoggerMessage(LogLevel.Warning, "worker {Worker} cannot start yet and tries again: {Reason}")]
    private partial void NotStarted(string worker, string reason);

    [LoggerMessage(LogLevel.Warning, "the lease of worker {Worker} could not be renewed")]
    private partial void NotRenewed(string worker, Exception failure);
}
