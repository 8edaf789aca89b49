using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Routing.Sending;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;

namespace SandQueue.Routing;

/// <summary>
/// Sends a command again while it has no reply, under the same id and with exponential backoff, until its time is over. Sent twice it
/// still takes effect once. A reply to any of the attempts ends the wait.
/// </summary>
internal sealed partial class CommandResend(PendingCommands pending, CommandExpiry expiry, TimeProvider time, ILogger<CommandResend> log)
{
    /// <summary>The first resend interval: longer than nearly every step takes.</summary>
    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(3);

    /// <summary>Resend intervals double up to this.</summary>
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(10);

    /// <summary>A worker answers at the deadline itself; its answer has to come back too.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <summary>Backoff after attempts that failed at once, as when the owner's queue is gone but its lease is not.</summary>
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(2);

    private enum AttemptEnd
    {
        /// <summary>Sent, as far as this process can tell, and not answered in time.</summary>
        Silent,

        /// <summary>It could not be sent.</summary>
        NotSent,

        /// <summary>The database did not say where to send it.</summary>
        NotLookedUp,
    }

    /// <summary>One attempt to send a command; its reply is waited for outside.</summary>
    /// <param name="command">The command, with the milliseconds that it has left.</param>
    /// <param name="history">What became of the attempts before.</param>
    /// <param name="limit">Ends with the command's time.</param>
    /// <returns>The end of the command where it is known without sending it; else null.</returns>
    public delegate Task<CommandReply?> Attempt<in TCommand>(TCommand command, AttemptHistory history, AttemptLimit limit);

    /// <summary>Runs attempts until one brings a reply that ends the command, or its time is over.</summary>
    /// <returns>The reply; null where the command's end is unknown.</returns>
    /// <exception cref="System.Data.Common.DbException">The first attempt could not reach the database: the command was not sent.</exception>
    public async Task<CommandReply?> RunAsync<TCommand>(TCommand command, Attempt<TCommand> attempt, CancellationToken cancellationToken)
        where TCommand : Command
    {
        using var reply = pending.Join(command);
        if (reply is null) return CommandReply.Rejected(command, CommandReason.Conflict, InstanceErrors.UsedBefore(command.CommandId));

        var started = time.GetTimestamp();
        var history = new AttemptHistory();
        var (interval, backoff) = (FirstInterval, FirstBackoff);
        while (true)
        {
            var left = TimeSpan.FromMilliseconds(command.RemainingMs) - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return await expiry.ExpireAsync(command, cancellationToken);

            var begun = time.GetTimestamp();
            var timeout = left < interval + interval ? left + Grace : interval;
            var (answer, end) = await RunOnceAsync(command, attempt, history, reply, left, timeout, cancellationToken);
            if (answer is not null) return answer;

            // What could not be looked up is as it was: a Create that waits in its queue still waits there.
            history = new AttemptHistory(history.Attempts + 1, end == AttemptEnd.NotLookedUp ? history.WasSent : end == AttemptEnd.Silent);
            if (end == AttemptEnd.Silent)
            {
                (interval, backoff) = (Longer(interval, LongestInterval), FirstBackoff);
                continue;
            }

            // An attempt before this one may be answered meanwhile.
            var failedAtOnce = time.GetElapsedTime(begun) < backoff;
            var pause = failedAtOnce ? TimeSpan.FromTicks(Math.Min(backoff.Ticks, left.Ticks)) : TimeSpan.Zero;
            var signal = await reply.WaitAsync(pause, cancellationToken);
            if (signal is { Reply: { } late }) return late;
            if (signal is not null) history = history with { WasSent = false };
            if (failedAtOnce) backoff = Longer(backoff, LongestBackoff);
        }
    }

    /// <summary>A database that hangs is held to the command's time as a worker is, and holds up no reply.</summary>
    private async Task<(CommandReply? Answer, AttemptEnd End)> RunOnceAsync<TCommand>(
        TCommand command, Attempt<TCommand> attempt, AttemptHistory history, PendingReply reply, TimeSpan left, TimeSpan timeout, CancellationToken cancellationToken)
        where TCommand : Command
    {
        using var limit = new AttemptLimit(left + Grace, time, cancellationToken);
        try
        {
            var attempted = attempt(Left(command, left), history, limit);
            if (!attempted.IsCompleted && await Task.WhenAny((Task)attempted, reply.Answered) != attempted)
            {
                await limit.CancelAsync();
                return (await reply.Answered, default);
            }

            if (await attempted is { } known) return (known, default);
            return await reply.WaitAsync(limit.Left < timeout ? limit.Left : timeout, cancellationToken) switch
            {
                null => (null, AttemptEnd.Silent),
                { Reply: var answer } => (answer, AttemptEnd.NotSent),
            };
        }
        catch (OperationCanceledException) when (limit.IsOver && !cancellationToken.IsCancellationRequested)
        {
            return (null, AttemptEnd.Silent);
        }
        catch (Exception exception) when (history.Attempts > 0 && DatabaseFailure.Is(exception))
        {
            // A worker may execute what was sent before: that the database is away is no end of it.
            NotLookedUp(command.CommandId, exception.GetBaseException().Message);
            return (null, AttemptEnd.NotLookedUp);
        }
    }

    /// <summary>The command with the milliseconds that it has left; mostly those that it came with.</summary>
    private static TCommand Left<TCommand>(TCommand command, TimeSpan left)
        where TCommand : Command => (int)left.TotalMilliseconds + 1 is var ms && ms == command.RemainingMs ? command : command with { RemainingMs = ms };

    private static TimeSpan Longer(TimeSpan interval, TimeSpan longest) => interval * 2 < longest ? interval * 2 : longest;

    [LoggerMessage(LogLevel.Warning, "command {CommandId} was sent and still waits for its reply; where to send it again could not be looked up: {Reason}")]
    private partial void NotLookedUp(string commandId, string reason);
}
