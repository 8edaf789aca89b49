using SandQueue.Client.Commands;

namespace SandQueue.Client.Resending;

/// <summary>Sends commands until each has an end, or its caller's time is over: the same command, under the same id.</summary>
/// <param name="transport">What carries them.</param>
/// <param name="backoff">How long it waits between attempts.</param>
/// <param name="longestAttempt">How long one attempt may take.</param>
/// <param name="time">The clock.</param>
internal sealed class Resend(ITransport transport, Backoff backoff, TimeSpan longestAttempt, TimeProvider time)
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromSeconds(2);

    /// <param name="command">The command.</param>
    /// <param name="deadline">How long all attempts together may take.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Reply> SendAsync(Command command, TimeSpan deadline, CancellationToken cancellationToken) => SendAsync(command, deadline, CancellationToken.None, cancellationToken);

    /// <param name="command">The command.</param>
    /// <param name="deadline">How long all attempts together may take.</param>
    /// <param name="last">Lets the attempt that runs be the last; between two, no other is made.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Reply> SendAsync(Command command, TimeSpan deadline, CancellationToken last, CancellationToken cancellationToken)
    {
        var tries = new Tries(command);
        await RunAsync([tries], failures: 0, new Call(deadline, time.GetTimestamp(), last, cancellationToken));
        return tries.End(deadline);
    }

    /// <summary>
    /// Takes steps of different instances side by side. Each has an end of its own, and only those without one are sent again, each when its turn comes: what goes in different
    /// messages, or has been told different times, does not wait for another.
    /// </summary>
    public async Task<Reply[]> StepManyAsync(IReadOnlyList<Step> steps, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var call = new Call(deadline, time.GetTimestamp(), CancellationToken.None, cancellationToken);
        List<List<Tries>> parts = [.. transport.Parts(steps).Select(part => part.Select(step => new Tries(step)).ToList())];
        await Task.WhenAll(parts.Select(part => RunAsync(part, failures: 0, call)));
        return [.. parts.SelectMany(part => part).Select(tries => tries.End(deadline))];
    }

    private async Task RunAsync(List<Tries> open, int failures, Call call)
    {
        while (failures == 0 || await PauseAsync(backoff.After(failures, open[0].RetryAfter), call))
        {
            call.Cancellation.ThrowIfCancellationRequested();
            foreach (var (tries, reply) in open.Zip(await AttemptAsync(open, call))) tries.Add(reply);
            open = open.FindAll(tries => tries.IsOpen);
            if (open.Count == 0 || call.Last.IsCancellationRequested) return;

            call.Cancellation.ThrowIfCancellationRequested();
            failures++;
            List<List<Tries>> byTime = [.. open.GroupBy(tries => tries.RetryAfter).Select(same => same.ToList())];
            if (byTime.Count == 1) continue;
            await Task.WhenAll(byTime.Select(same => RunAsync(same, failures, call)));
            return;
        }
    }

    /// <returns>False where no other attempt is to be made.</returns>
    private async Task<bool> PauseAsync(TimeSpan pause, Call call)
    {
        if (!HasTime(call, pause)) return false;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(call.Last, call.Cancellation);
        await Task.Delay(pause, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        call.Cancellation.ThrowIfCancellationRequested();
        return !call.Last.IsCancellationRequested && HasTime(call, TimeSpan.Zero);
    }

    private async Task<IReadOnlyList<Reply>> AttemptAsync(List<Tries> open, Call call)
    {
        var limit = Left(call) is var left && left < longestAttempt ? left : longestAttempt;
        using var over = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, call.Cancellation);
        try
        {
            return open is [var only]
                ? [await transport.SendAsync(only.Command, Remaining(limit), either.Token)]
                : await transport.StepPartAsync([.. open.Select(tries => (Step)tries.Command)], Remaining(limit), either.Token);
        }
        catch (OperationCanceledException) when (call.Cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(call.Cancellation);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return [.. open.Select(_ => Reply.Refused(Refusal.Unknown($"no answer came within {limit.TotalSeconds:0.###} s")))];
        }
    }

    /// <summary>An attempt that is cut off as soon as it was sent would make an unknown end of what is clear so far.</summary>
    private bool HasTime(Call call, TimeSpan pause) => pause < Left(call) - Margin(call.Deadline);

    private TimeSpan Left(Call call) => call.Deadline - time.GetElapsedTime(call.Begun);

    /// <summary>The other side has a little less, so that it can still say how the command ended.</summary>
    private static TimeSpan Remaining(TimeSpan limit) => limit - Margin(limit);

    private static TimeSpan Margin(TimeSpan limit) => limit / 10 is var margin && margin < LongestMargin ? margin : LongestMargin;

    private readonly record struct Call(TimeSpan Deadline, long Begun, CancellationToken Last, CancellationToken Cancellation);
}
