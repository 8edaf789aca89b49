using Microsoft.Extensions.Logging;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Pools;

/// <summary>Looks after a pool's containers now and then: replaces the sick, recycles the old, ends the idle, keeps the minimum.</summary>
internal sealed partial class PoolUpkeep(
    ContainerPool pool, EnvironmentOptions options, ContainerStarter starter, TimeProvider time, ILogger log)
{
    /// <summary>Checks between two tries to start what never starts: 2, 4, 8, … up to this.</summary>
    private const int LongestPause = 32;

    private int _failures;
    private int _pause;

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

    /// <summary>Called under the pool's lock.</summary>
    public void StartSucceeded() => (_failures, _pause) = (0, 0);

    /// <summary>Called under the pool's lock.</summary>
    public void StartFailed() => _pause = Math.Min(1 << Math.Min(++_failures, 16), LongestPause);

    private async Task TryCheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CheckAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // One bad check must not end the upkeep for the rest of the worker's life.
            CheckFailed(exception, pool.Environment);
        }
    }

    /// <summary>Looks after everything once.</summary>
    internal async Task CheckAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(pool.Snapshot().Select(container => CheckAsync(container, cancellationToken)));
        pool.Shrink();
        if (_pause > 0) _pause--;
        else pool.StartMinimum();
    }

    private async Task CheckAsync(PooledContainer container, CancellationToken cancellationToken)
    {
        if (!await starter.IsHealthyAsync(container.Container, cancellationToken))
        {
            if (!container.Container.Exited.IsCancellationRequested) Unhealthy(pool.Environment, container.Container.Id, options.HealthTimeout.TotalSeconds);
            pool.Drop(container);
            return;
        }

        if (time.GetElapsedTime(container.StartedAt) >= options.Recycling.AfterAge)
        {
            pool.MarkDue(container, $"it is older than {options.Recycling.AfterAge}");
        }
        else if (options.Recycling.AboveMemoryMb is { } most && await container.Container.MeasureMemoryAsync(cancellationToken) is { } bytes && bytes > (long)most << 20)
        {
            pool.MarkDue(container, $"it uses {bytes >> 20} MB of memory, more than {most}");
        }
    }

    [LoggerMessage(LogLevel.Warning, "a container of '{Environment}' answered no health check for {Seconds} s and is replaced: {Container}")]
    private partial void Unhealthy(string environment, string container, double seconds);

    [LoggerMessage(LogLevel.Error, "the containers of '{Environment}' could not be checked")]
    private partial void CheckFailed(Exception failure, string environment);
}
