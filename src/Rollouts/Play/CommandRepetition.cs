using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;

namespace SandQueue.Rollouts.Play;

/// <summary>
/// Sends a command again, under its id, while its outcome is none that lasts: its end is unknown, there is no room now, its instance changes hands, the
/// database is away. What took effect before is answered from the journal.
/// </summary>
internal sealed partial class CommandRepetition(RolloutClock clock, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);

    /// <param name="commandId">The command's id, for the log.</param>
    /// <param name="limit">How long it is tried, where the rollout's time is not over sooner.</param>
    /// <param name="send">Sends it with the milliseconds that it has.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>The last outcome; <see cref="CommandOutcome.Unknown"/> where there was none.</returns>
    public async Task<CommandOutcome> RunAsync(string commandId, TimeSpan limit, Func<int, Task<CommandOutcome>> send, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var backoff = FirstBackoff;
        CommandOutcome last = new CommandOutcome.Unknown();
        while (clock.Left(began, limit) is var left && left > TimeSpan.Zero)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                last = await send((int)Math.Min(Math.Ceiling(left.TotalMilliseconds), int.MaxValue));
                if (IsLasting(last)) return last;
            }
            catch (Exception exception) when (DatabaseFailure.Is(exception))
            {
                last = new CommandOutcome.Unknown();
                NotSent(commandId, exception.GetBaseException().Message);
            }

            left = clock.Left(began, limit);
            if (left <= TimeSpan.Zero) break;
            await Task.Delay(backoff < left ? backoff : left, time, cancellationToken);
            backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
        }

        return last;
    }

    private static bool IsLasting(CommandOutcome outcome) => outcome is not (CommandOutcome.Unknown
        or CommandOutcome.Rejected { Reason: CommandReason.NoCapacity or CommandReason.OverLimit }
        or CommandOutcome.Failed { Reason: CommandReason.OwnerChanged or CommandReason.OtherVersion });

    [LoggerMessage(LogLevel.Warning, "command {CommandId} of a rollout could not be sent, and is tried again: {Reason}")]
    private partial void NotSent(string commandId, string reason);
}
