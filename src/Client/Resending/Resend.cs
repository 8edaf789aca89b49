using SandQueue.Client.Commands;

namespace SandQueue.Client.Resending;

/// <summary>Sends commands until each has an end, or its caller's time is over: the same command, under the same id.</summary>
/// <param name="transport">What carries them.</param>
/// <param name="backoff">How long it waits between attempts.</param>
/// <param name="longestAttempt">How long one attempt may take.</param>
/// <param name="time">The clock.</param>
internal sealed class Resend(ITransport transport, Backoff backoff, TimeSpan longestAttempt, TimeProvider time)
{
    /// <param name="command">The command.</param>
    /// <param name="deadline">How long all attempts together may take.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Reply> SendAsync(Command command, TimeSpan deadline, CancellationToken cancellationToken) => SendAsync(command, deadline, CancellationToken.None, cancellationToken);

    /// <param name="command">The command.</param>
    /// <param name="deadline">How long all attempts together may take.</param>
    /// <param name="last">Lets the attempt that runs be the last.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Reply> SendAsync(Command command, TimeSpan deadline, CancellationToken last, CancellationToken cancellationToken) =>
        (await RunAsync([command], async (open, limit, token) => [await transport.SendAsync(open[0], limit, token)], deadline, last, cancellationToken))[0];

    /// <summary>Takes steps of different instances side by side. Each has an end of its own, and only those without one are sent again.</summary>
    public Task<Reply[]> StepManyAsync(IReadOnlyList<Step> steps, TimeSpan deadline, CancellationToken cancellationToken) =>
        RunAsync(steps, transport.StepManyAsync, deadline, CancellationToken.None, cancellationToken);

    private async Task<Reply[]> RunAsync<T>(
        IReadOnlyList<T> commands, Func<IReadOnlyList<T>, TimeSpan, CancellationToken, Task<IReadOnlyList<Reply>>> attempt, TimeSpan deadline, CancellationToken last, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var tries = commands.Select(_ => new Tries()).ToArray();
        List<int> open = [.. Enumerable.Range(0, commands.Count)];
        for (var failures = 0; open.Count > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var replies = await AttemptAsync([.. open.Select(index => commands[index])], attempt, deadline - time.GetElapsedTime(begun), cancellationToken);
            for (var i = 0; i < open.Count; i++) tries[open[i]].Add(replies[i]);
            open.RemoveAll(index => !tries[index].IsOpen);
            if (open.Count == 0 || last.IsCancellationRequested) break;

            failures++;
            var pause = open.Max(index => backoff.After(failures, tries[index].RetryAfter));
            if (pause >= deadline - time.GetElapsedTime(begun)) break;
            await Task.Delay(pause, time, cancellationToken);
        }

        return [.. tries.Select(each => each.End(deadline))];
    }

    private async Task<IReadOnlyList<Reply>> AttemptAsync<T>(
        List<T> commands, Func<IReadOnlyList<T>, TimeSpan, CancellationToken, Task<IReadOnlyList<Reply>>> attempt, TimeSpan left, CancellationToken cancellationToken)
    {
        var limit = left < longestAttempt ? left : longestAttempt;
        using var over = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            return await attempt(commands, Remaining(limit), either.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return [.. commands.Select(_ => Reply.Refused(Refusal.Unknown($"no answer came within {limit.TotalSeconds:0.###} s")))];
        }
    }

    /// <summary>The other side has a little less, so that it can still say how the command ended.</summary>
    private static TimeSpan Remaining(TimeSpan limit)
    {
        var margin = limit / 10;
        return limit - (margin < TimeSpan.FromSeconds(2) ? margin : TimeSpan.FromSeconds(2));
    }
}
