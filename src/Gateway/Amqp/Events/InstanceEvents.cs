using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;

namespace SandQueue.Gateway.Amqp.Events;

/// <summary>Publishes the ends of instances, also of those that workers ended on their own: as idle, as lost, as diverged.</summary>
internal sealed partial class InstanceEvents(EndAnnouncements ends, TimeProvider time, ILogger<InstanceEvents> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Replies go over the same channel, and come first.</summary>
    private const int AtOnce = 16;

    /// <summary>Publishes them as they come, until it is cancelled.</summary>
    /// <param name="announce">Publishes one, and returns once the broker has it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task RunAsync(Func<EndedInstance, CancellationToken, Task> announce, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Pause, time, cancellationToken);
            try
            {
                while (await ends.AnnounceAsync((ended, token) => AnnounceAsync(ended, announce, token), cancellationToken) > 0)
                {
                }
            }
            catch (Exception exception) when (DatabaseFailure.Is(exception) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // A broker that is slow to confirm an event is no reason to close the door on those who wait for replies.
                Postponed(exception.GetBaseException().Message);
            }
        }
    }

    private static Task AnnounceAsync(IReadOnlyList<EndedInstance> ended, Func<EndedInstance, CancellationToken, Task> announce, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(ended, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (end, token) => await announce(end, token));

    [LoggerMessage(LogLevel.Information, "ends of instances are announced later: {Reason}")]
    private partial void Postponed(string reason);
}
