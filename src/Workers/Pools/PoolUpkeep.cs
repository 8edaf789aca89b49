using Microsoft.Extensions.Logging;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Pools;

/// <summary>Looks after a pool's containers now and then: replaces the sick, recycles the old, ends the idle, keeps the minimum.</summary>
internal sealed partial class PoolUpkeep(
    string environment, EnvironmentOptions options, SlotAllocator slots, ContainerStarter starter, StartBackoff backoff, TimeProvider time, ILogger log)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.CheckEvery, time);
        try
        {
            do
            {
                await TryCheckAsync(cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The pool has ended.
        }
    }

    private async Task TryCheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CheckAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // One bad check must not end the upkeep for the rest of the worker's life.
            CheckFailed(exception, environment);
        }
    }

    /// <summary>Looks after everything once.</summary>
    internal async Task CheckAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(slots.Snapshot().Select(container => CheckAsync(container, cancellationToken)));
        slots.Shrink();
        if (backoff.IsOver()) slots.StartMinimum();
    }

    private async Task CheckAsync(PooledContainer container, CancellationToken cancellationToken)
    {
        if (!await starter.IsHealthyAsync(container.Container, cancellationToken))
        {
            if (!container.Container.Exited.IsCancellationRequested) Unhealthy(environment, container.Container.Id, options.HealthTimeout.TotalSeconds);
            slots.Drop(container);
            return;
        }

        if (time.GetElapsedTime(container.StartedAt) >= options.Recycling.AfterAge)
        {
            slots.MarkDue(container, $"it is older than {options.Recycling.AfterAge}");
        }
        else if (options.Recycling.AboveMemoryMb is { } most && await container.Container.MeasureMemoryAsync(cancellationToken) is { } bytes && bytes > (long)most << 20)
        {
            slots.MarkDue(container, $"it uses {bytes >> 20} MB of memory, more than {most}");
        }
    }

    [LoggerMessage(LogLevel.Warning, "a container of '{Environment}' answered no health check for {Seconds} s and is replaced: {Container}")]
    private partial void Unhealthy(string environment, string container, double seconds);

    [LoggerMessage(LogLevel.Error, "the containers of '{Environment}' could not be checked")]
    private partial void CheckFailed(Exception failure, string environment);
}
