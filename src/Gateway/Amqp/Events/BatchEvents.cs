using SandQueue.Rollouts.Batches;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Gateway.Amqp.Events;

/// <summary>Publishes batches that closed, and those that were paused, also by themselves over an endpoint that refuses everything.</summary>
internal sealed partial class BatchEvents(BatchAnnouncements announcements, BatchDirectory batches, TimeProvider time, ILogger<BatchEvents> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Publishes them as they come, until it is cancelled.</summary>
    /// <param name="announce">Publishes one with its JSON, and returns once the broker has it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task RunAsync(Func<Batch, byte[], CancellationToken, Task> announce, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Pause, time, cancellationToken);
            try
            {
                while (await announcements.AnnounceAsync((changed, token) => AnnounceAsync(changed, announce, token), cancellationToken) > 0)
                {
                }
            }
            catch (Exception exception) when (DatabaseFailure.Is(exception) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                Postponed(exception.GetBaseException().Message);
            }
        }
    }

    private async Task AnnounceAsync(IReadOnlyList<Batch> changed, Func<Batch, byte[], CancellationToken, Task> announce, CancellationToken cancellationToken)
    {
        var counts = await batches.CountAsync(changed, cancellationToken);
        foreach (var batch in changed.Where(batch => batch.State is BatchState.Closed or BatchState.Paused)) await announce(batch, BatchJson.Of(batch, counts[batch.Id]), cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "batches are announced later: {Reason}")]
    private partial void Postponed(string reason);
}
