using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Fleet;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Draining;
using SandQueue.Workers.Fleet;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Serving;

namespace SandQueue.Workers.Hosting;

/// <summary>A worker's life: register, start its environments, renew the lease, drain.</summary>
internal sealed partial class WorkerService(
    FleetRegistration registration,
    LeaseRenewal renewal,
    StartAttempts retry,
    EnvironmentServing serving,
    EnvironmentPools pools,
    IRuntime runtime,
    WorkerDirectory workers,
    WorkerIdentity identity,
    WorkerLease lease,
    WorkerEndpoints endpoints,
    DrainState drain,
    InstanceHandover handover,
    TimeProvider time,
    ILogger<WorkerService> log) : BackgroundService
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Known as living before it starts its first container, or another worker would take that for a leftover.
        await retry.RunAsync(registration.JoinAsync, cancellationToken);
        await base.StartAsync(cancellationToken);
        await retry.RunAsync(LogForeignAsync, cancellationToken);
        await retry.RunAsync(RemoveLeftoversAsync, cancellationToken);
        await retry.RunAsync(serving.StartAsync, cancellationToken);
        _started.SetResult();
    }

    /// <summary>
    /// Drains in an order in which nothing is lost: no new work, what runs is finished, the instances are left to others,
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

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(renewal.RunAsync(stoppingToken), ServeLaterAsync(stoppingToken));

    private async Task ServeLaterAsync(CancellationToken stopping)
    {
        await _started.Task.WaitAsync(stopping);
        await serving.RetryAsync(stopping);
    }

    /// <summary>Workers of another version are no reason not to start, or no farm could be updated: they share no queue with this one.</summary>
    private async Task LogForeignAsync(CancellationToken cancellationToken)
    {
        var others = await registration.ListForeignAsync(cancellationToken);
        if (others.Count == 0) return;
        OthersLive(identity.Name, QueueNames.ContractVersion, others.Count, string.Join(", ", others.Select(other => $"{other.Version} ({other.Contract})").Distinct()));
    }

    private async Task RemoveLeftoversAsync(CancellationToken cancellationToken)
    {
        var removed = await runtime.RemoveLeftoversAsync(workers.IsProcessLivingAsync, cancellationToken);
        if (removed > 0) RemovedLeftovers(removed);
    }

    private async Task EndLeaseAsync()
    {
        // Even where the time for stopping is over: without it all that this worker owned waits for the end of its lease.
        using var limit = new CancellationTokenSource(EndLimit, time);
        try
        {
            await registration.EndAsync(limit.Token);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) || exception is OperationCanceledException)
        {
            // Then its lease runs out by itself.
            NotEnded(identity.Name, exception);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} containers that dead workers left behind were removed")]
    private partial void RemovedLeftovers(int count);

    [LoggerMessage(
        LogLevel.Warning,
        "worker {Worker} speaks messages {Ours}, and {Count} living workers speak others: {Versions}; gateways send each to its own, so run gateways of both versions until the update is over")]
    private partial void OthersLive(string worker, int ours, int count, string versions);

    [LoggerMessage(LogLevel.Warning, "the lease of worker {Worker} could not be ended; it runs out by itself")]
    private partial void NotEnded(string worker, Exception failure);
}
