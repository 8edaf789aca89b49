using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Rollouts.Batches;

/// <summary>Looks after all batches once a second, in one process of the farm at a time, and asks for the lanes that are missing.</summary>
internal sealed partial class BatchDispatcher(BatchSweep batches, LaneRequests lanes, TimeProvider time, ILogger<BatchDispatcher> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Sweeps once.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken) =>
        await lanes.SendAsync(await batches.RunAsync(BatchEnds.Expired, time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken), cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (DatabaseFailure.Is(exception))
            {
                Postponed(exception.GetBaseException().Message);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Batches that nobody looks after any more would be worse than another try.
                Failed(exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "batches are looked after later: {Reason}")]
    private partial void Postponed(string reason);

    [LoggerMessage(LogLevel.Error, "batches could not be looked after; the next second tries again")]
    private partial void Failed(Exception failure);
}
