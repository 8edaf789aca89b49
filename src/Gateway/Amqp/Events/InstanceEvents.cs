using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;

namespace SandQueue.Gateway.Amqp.Events;

/// <summary>Publishes the ends of instances, also of those that workers ended on their own: as idle, as lost, as diverged.</summary>
internal sealed partial class InstanceEvents(EndAnnouncements ends, TimeProvider time, ILogger<InstanceEvents> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

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
                while (await ends.AnnounceAsync((ended, token) => Task.WhenAll(ended.Select(end => announce(end, token))), cancellationToken) > 0)
                {
                }
            }
            catch (Exception exception) when (DatabaseFailure.Is(exception))
            {
                Postponed(exception.GetBaseException().Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "ends of instances are announced later: {Reason}")]
    private partial void Postponed(string reason);
}
