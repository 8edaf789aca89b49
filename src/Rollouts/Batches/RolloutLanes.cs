using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Storage.Connections;
using SandQueue.Rollouts.Settings;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Rollouts.Batches;

/// <summary>
/// The lanes of this process: each plays rollouts of one batch one after the other, for a while. Then it asks for itself anew, so that workers that came
/// since get their part, and a batch of higher priority its turn.
/// </summary>
internal sealed partial class RolloutLanes(
    ILaneOwner owner, LedgerCalls ledger, ClaimedPlay runs, BatchSweep batches, LaneRequests requests, RolloutSignals signals, IOptions<RolloutOptions> options, TimeProvider time, ILogger<RolloutLanes> log) : IDisposable
{
    private const int MostInTurn = 32;

    /// <summary>Requests that wait for a free slot here; more are dropped, and asked for again where that is needed.</summary>
    private const int MostWaiting = 16;

    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _slots = new(options.Value.Concurrent, options.Value.Concurrent);
    private readonly SemaphoreSlim _looking = new(1, 1);
    private readonly ConcurrentDictionary<long, RunningRollout> _running = new();
    private readonly ConcurrentDictionary<Task, bool> _lanes = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _waiting;

    /// <summary>The rollouts that this process plays now, by their keys.</summary>
    public IReadOnlyDictionary<long, RunningRollout> Running => _running;

    /// <summary>Takes a request for a lane, if there is room for one soon. Returns once the lane has begun, or will not.</summary>
    public async Task TakeAsync(long batch)
    {
        if (!await HasSlotAsync()) return;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lane = RunAsync(batch, begun);
        _lanes[lane] = true;
        _ = lane.ContinueWith(_ => _lanes.TryRemove(lane, out bool _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await begun.Task;
    }

    /// <summary>Gives all rollouts back, for others to go on with.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_lanes.Keys).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _slots.Dispose();
        _looking.Dispose();
    }

    private async Task<bool> HasSlotAsync()
    {
        if (_stopping.IsCancellationRequested) return false;
        if (_slots.Wait(TimeSpan.Zero)) return true;
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        try
        {
            return await _slots.WaitAsync(LongestWait, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task RunAsync(long batch, TaskCompletionSource begun)
    {
        try
        {
            await Task.Yield();
            var empty = new HashSet<long>();
            for (long? next = batch; next is { } current && !_stopping.IsCancellationRequested; next = await FindOtherAsync(empty))
            {
                empty.Add(current);
                if (!await PlayTurnAsync(current, begun)) continue;
                await requests.SendAsync(current, lanes: 1, _stopping.Token);
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
        catch (Exception exception)
        {
            LaneFailed(exception);
        }
        finally
        {
            _slots.Release();
            begun.TrySetResult();
        }
    }

    /// <returns>Whether its time was over, so that there may be more to play.</returns>
    private async Task<bool> PlayTurnAsync(long batch, TaskCompletionSource begun)
    {
        var (name, began, played) = (owner.Name, time.GetTimestamp(), 0);
        var answer = await ledger.AdvanceAsync(batch, name, new LaneStep(Settled: null, ClaimsNext: true));
        begun.TrySetResult();
        while (answer.Next is { } rollout)
        {
            var settlement = await PlayAsync(answer.Batch!, rollout, answer.IsFresh, name);
            var isOver = ++played >= MostInTurn || time.GetElapsedTime(began) >= LongestTurn;
            var goesOn = !isOver && settlement.End is not null && !_stopping.IsCancellationRequested && owner.Name == name;
            answer = await ledger.AdvanceAsync(batch, name, new LaneStep(settlement, goesOn));
            if (settlement.End is not null) signals.Ended(rollout.Id);
            if (isOver) return true;
        }

        return false;
    }

    private async Task<Settlement> PlayAsync(Batch batch, Rollout rollout, bool isFresh, string name)
    {
        using var running = new RunningRollout(rollout.Claim, _stopping.Token);
        if (rollout.IsCancelled) running.Cancel();
        _running[rollout.Id] = running;
        try
        {
            return await runs.PlayAsync(batch, rollout, isFresh, name, running.Cancelled, running.Stopping);
        }
        finally
        {
            _running.TryRemove(KeyValuePair.Create(rollout.Id, running));
        }
    }

    /// <summary>
    /// A lane that finds no more in its batch looks whether another has more; one lane at a time does. What gave it nothing it does not ask again: rollouts
    /// may wait there for their endpoint, and the dispatcher asks once a second.
    /// </summary>
    private async Task<long?> FindOtherAsync(HashSet<long> empty)
    {
        if (!await _looking.WaitAsync(TimeSpan.Zero, _stopping.Token)) return null;
        try
        {
            return (await batches.ListNeedsAsync(_stopping.Token)).Select(need => (long?)need.Batch).FirstOrDefault(key => !empty.Contains(key!.Value));
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            return null;
        }
        finally
        {
            _looking.Release();
        }
    }

    [LoggerMessage(LogLevel.Error, "a lane of rollouts ended by a failure; what it had goes on elsewhere")]
    private partial void LaneFailed(Exception failure);
}
