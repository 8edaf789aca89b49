using Microsoft.Extensions.Logging;
using SandQueue.Rollouts.Policies;
using SandQueue.Storage.Connections;

namespace SandQueue.Rollouts.Play;

/// <summary>The turns of a rollout, read and recorded through outages of the database: a turn that was decided is never decided again because it could not be stored.</summary>
internal sealed partial class TurnRecord(IRolloutRecord record, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<PolicyTurn>> ReadAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<PolicyTurn> turns = [];
        await RunAsync(async () => turns = await record.ReadAsync(cancellationToken), cancellationToken);
        return turns;
    }

    public Task AppendAsync(int number, PolicyTurn turn, CancellationToken cancellationToken) =>
        RunAsync(() => record.AppendAsync(number, turn, cancellationToken), cancellationToken);

    private async Task RunAsync(Func<Task> run, CancellationToken cancellationToken)
    {
        for (var backoff = FirstBackoff; ; backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff)
        {
            try
            {
                await run();
                return;
            }
            catch (Exception exception) when (DatabaseFailure.Is(exception))
            {
                NotStored(exception.GetBaseException().Message);
            }

            await Task.Delay(backoff, time, cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "turns of a rollout could not be read or recorded, and it is tried again: {Reason}")]
    private partial void NotStored(string reason);
}
