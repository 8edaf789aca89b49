using Microsoft.Extensions.Logging;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Rollouts;
using SandQueue.Transport.Sending;

namespace SandQueue.Rollouts.Batches;

/// <summary>
/// Brings what lanes ask of the ledger together: while one transaction of a batch runs the next gathers. It tries again while the database is away: a
/// rollout that was played must not be lost for that.
/// </summary>
internal sealed partial class LedgerCalls : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly RolloutLedger _ledger;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _over = new();
    private readonly Coalescer<(long Batch, string Owner), Pending> _calls;

    public LedgerCalls(RolloutLedger ledger, TimeProvider time, ILogger<LedgerCalls> log)
    {
        (_ledger, _time, _log) = (ledger, time, log);
        _calls = new Coalescer<(long, string), Pending>(SendAsync, (_, calls, exception) =>
        {
            foreach (var call in calls) call.Answer.TrySetException(exception);
        }, _ => 1);
    }

    /// <exception cref="OperationCanceledException">The process ends.</exception>
    public Task<LaneAnswer> AdvanceAsync(long batch, string owner, LaneStep step)
    {
        var pending = new Pending(step, new TaskCompletionSource<LaneAnswer>(TaskCreationOptions.RunContinuationsAsynchronously));
        _calls.Add((batch, owner), pending);
        return pending.Answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _calls.DisposeAsync();
        _over.Dispose();
    }

    private async Task SendAsync((long Batch, string Owner) lane, IReadOnlyList<Pending> calls)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                var answers = await _ledger.AdvanceAsync(lane.Batch, lane.Owner, [.. calls.Select(call => call.Step)], _time.GetUtcNow().ToUnixTimeMilliseconds(), CancellationToken.None);
                for (var i = 0; i < calls.Count; i++) calls[i].Answer.TrySetResult(answers[i]);
                return;
            }
            catch (Exception exception) when (DatabaseFailure.Is(exception))
            {
                if (pause == FirstPause) LogLater(_log, exception.GetBaseException().Message);
                await Task.Delay(pause, _time, _over.Token);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "ends of rollouts are written later: {Reason}")]
    private static partial void LogLater(ILogger log, string reason);

    private sealed record Pending(LaneStep Step, TaskCompletionSource<LaneAnswer> Answer);
}
