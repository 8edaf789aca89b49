using Microsoft.Extensions.Logging;
using SandQueue.Storage.Connections;

namespace SandQueue.Rollouts.Play;

/// <summary>Asks the database again, with exponential backoff, while it is away.</summary>
internal sealed partial class StorageRetry(TimeProvider time, ILogger log)
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);

    public async Task<T> RunAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        for (var backoff = FirstBackoff; ; backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff)
        {
            try
            {
                return await ask();
            }
            catch (Exception exception) when (DatabaseFailure.Is(exception))
            {
                NotReached(exception.GetBaseException().Message);
            }

            await Task.Delay(backoff, time, cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "a rollout could not read or record its turns, and tries again: {Reason}")]
    private partial void NotReached(string reason);
}
