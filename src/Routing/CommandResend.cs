using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Routing;

/// <summary>
/// Sends a command again while it has no reply, under the same id and with exponential backoff, until its time is over. Sent twice it
/// still takes effect once.
/// </summary>
internal sealed class CommandResend(CommandExpiry expiry, TimeProvider time)
{
    /// <summary>The timeout of the first attempt: longer than nearly every step takes.</summary>
    private static readonly TimeSpan FirstAttemptTimeout = TimeSpan.FromSeconds(3);

    /// <summary>The timeout of later attempts doubles up to this.</summary>
    private static readonly TimeSpan LongestAttemptTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A worker answers at the deadline itself; its answer has to come back too.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <summary>Between two attempts that failed at once, as when the owner's queue is gone but its lease is not.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>One attempt to send a command.</summary>
    /// <param name="command">The command, with the milliseconds that it has left.</param>
    /// <param name="timeout">How long to wait for the reply.</param>
    /// <param name="cancellationToken">Ends with the command's time.</param>
    /// <returns>The reply, or null where none came.</returns>
    public delegate Task<CommandReply?> Attempt<in TCommand>(TCommand command, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Runs attempts until one brings a reply that ends the command, or its time is over.</summary>
    public async Task<CommandOutcome> RunAsync<TCommand>(TCommand command, Attempt<TCommand> attempt, CancellationToken cancellationToken)
        where TCommand : Command
    {
        var started = time.GetTimestamp();
        var interval = FirstAttemptTimeout;
        while (true)
        {
            var left = TimeSpan.FromMilliseconds(command.RemainingMs) - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return CommandOutcome.Of(await expiry.ExpireAsync(command, cancellationToken));

            var sent = time.GetTimestamp();
            var timeout = left < interval + interval ? left + Grace : interval;
            interval = interval * 2 < LongestAttemptTimeout ? interval * 2 : LongestAttemptTimeout;
            if (await RunOnceAsync(command, attempt, left, timeout, cancellationToken) is { Reason: not CommandReason.OwnerChanged } reply) return CommandOutcome.Of(reply);
            if (time.GetElapsedTime(sent) < Pause) await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>A database that hangs is held to the command's time as a worker is.</summary>
    private async Task<CommandReply?> RunOnceAsync<TCommand>(
        TCommand command, Attempt<TCommand> attempt, TimeSpan left, TimeSpan timeout, CancellationToken cancellationToken)
        where TCommand : Command
    {
        using var over = new CancellationTokenSource(left + Grace, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        try
        {
            return await attempt(command with { RemainingMs = (int)left.TotalMilliseconds + 1 }, timeout, limit.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
