using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;
using SandQueue.Transport.Sending;

namespace SandQueue.Rollouts.Batches;

/// <summary>Stores the turns of many rollouts together: those that come while one commit runs share the next.</summary>
internal sealed class TurnWriter : IAsyncDisposable
{
    private readonly RolloutTurns _turns;
    private readonly Coalescer<string, Pending> _calls;

    public TurnWriter(RolloutTurns turns)
    {
        _turns = turns;
        _calls = new Coalescer<string, Pending>(SendAsync, (_, calls, exception) =>
        {
            foreach (var call in calls) call.IsStored.TrySetException(exception);
        }, pending => pending.Turn.Answer.Length + (pending.Turn.Action?.Length ?? 0) + 64);
    }

    /// <returns>False where the claim is another worker's now.</returns>
    /// <exception cref="System.Data.Common.DbException">The database cannot be reached.</exception>
    public Task<bool> AppendAsync(string owner, RolloutTurn turn, int claim, CancellationToken cancellationToken)
    {
        var pending = new Pending(turn, claim, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        _calls.Add(owner, pending);
        return pending.IsStored.Task.WaitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _calls.DisposeAsync();

    private async Task SendAsync(string owner, IReadOnlyList<Pending> calls)
    {
        var stored = await _turns.AppendAsync(owner, [.. calls.Select(call => (call.Turn, call.Claim))], CancellationToken.None);
        for (var i = 0; i < calls.Count; i++) calls[i].IsStored.TrySetResult(stored[i]);
    }

    private sealed record Pending(RolloutTurn Turn, int Claim, TaskCompletionSource<bool> IsStored);
}
