using SandQueue.Contracts;
using SandQueue.Routing.Sending;
using SandQueue.Storage.Instances;

namespace SandQueue.Routing;

/// <summary>
/// Sends a command again while it has no reply, under the same id and with exponential backoff, until its time is over. Sent twice it
/// still takes effect once. A reply to any of the attempts ends the wait.
/// </summary>
internal sealed class CommandResend(PendingCommands pending, CommandExpiry expiry, TimeProvider time)
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

    /// <summary>One attempt to send a command; its reply is waited for outside.</summary>
    /// <param name="command">The command, with the milliseconds that it has left.</param>
    /// <param name="history">What became of the attempts before.</param>
    /// <param name="cancellationToken">Ends with the command's time.</param>
    /// <returns>The end of the command where it is known without sending it; else null.</returns>
    public delegate Task<CommandReply?> Attempt<in TCommand>(TCommand command, AttemptHistory history, CancellationToken cancellationToken);

    /// <summary>Runs attempts until one brings a reply that ends the command, or its time is over.</summary>
    /// <returns>The reply; null where the command's end is unknown.</returns>
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

            var sent = time.GetTimestamp();
            var timeout = left < interval + interval ? left + Grace : interval;
            var signal = await RunOnceAsync(command, attempt, history, reply, left, timeout, cancellationToken);
            if (signal is { Reply: { } end }) return end;

            history = new AttemptHistory(history.Attempts + 1, WasSent: signal is null);
            if (signal is null) (interval, backoff) = (Longer(interval, LongestInterval), FirstBackoff);
            else if (time.GetElapsedTime(sent) < backoff)
            {
                await Task.Delay(backoff, time, cancellationToken);
                backoff = Longer(backoff, LongestBackoff);
            }
        }
    }

    /// <summary>A database that hangs is held to the command's time as a worker is.</summary>
    /// <returns>Null where there was no reply in time.</returns>
    private async Task<ReplySignal?> RunOnceAsync<TCommand>(
        TCommand command, Attempt<TCommand> attempt, AttemptHistory history, PendingReply reply, TimeSpan left, TimeSpan timeout, CancellationToken cancellationToken)
        where TCommand : Command
    {
        using var over = new CancellationTokenSource(left + Grace, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        try
        {
            var known = await attempt(command with { RemainingMs = (int)left.TotalMilliseconds + 1 }, history, limit.Token);
            return known is not null ? new ReplySignal(known) : await reply.WaitAsync(timeout, limit.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static TimeSpan Longer(TimeSpan interval, TimeSpan longest) => interval * 2 < longest ? interval * 2 : longest;
}

/// <summary>What became of the attempts to send a command so far.</summary>
/// <param name="Attempts">How many there were.</param>
/// <param name="WasSent">Whether the last of them was sent, as far as this process can tell, and is still unanswered.</param>
internal readonly record struct AttemptHistory(int Attempts, bool WasSent);
