using System.Collections.Concurrent;
using SandQueue.Contracts;
using SandQueue.Rollouts.Play;
using SandQueue.Rollouts.Policies;
using SandQueue.Rollouts.Results;

namespace SandQueue.Rollouts.Tests.Batches;

/// <summary>Plays what the test says, and keeps what it was given.</summary>
internal sealed class FakePlayer : IRolloutPlayer
{
    private int _now;

    public ConcurrentBag<(string Rollout, int Attempt, int TurnsBefore)> Played { get; } = [];

    /// <summary>The most that it played at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>The end of a rollout; waits where the test holds it.</summary>
    public Func<RolloutAssignment, CancellationToken, Task<RolloutResult>> End { get; set; } = (_, _) => Task.FromResult(Good);

    public static RolloutResult Good => new() { End = CommandEnd.Completed, Reward = 1, StepRewards = [0, 1] };

    public async Task<RolloutResult> PlayAsync(RolloutAssignment rollout, IRolloutRecord record, CancellationToken cancellationToken)
    {
        lock (Played) MostAtOnce = Math.Max(MostAtOnce, ++_now);
        try
        {
            var turns = (await record.ReadAsync(after: 0, cancellationToken)).Turns.Count;
            Played.Add((rollout.RolloutId, rollout.Attempt, turns));
            await record.AppendAsync(turns + 1, new PolicyTurn([.. "{}"u8], []), cancellationToken);
            return await End(rollout, cancellationToken);
        }
        finally
        {
            lock (Played) _now--;
        }
    }

    /// <summary>Plays on until it is given up or cancelled.</summary>
    public static async Task<RolloutResult> HangAsync(RolloutAssignment rollout, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, rollout.CancelledByCaller);
        await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return new RolloutResult { End = CommandEnd.Cancelled, Cause = RolloutCause.Cancelled, IsRetryable = true };
    }
}
