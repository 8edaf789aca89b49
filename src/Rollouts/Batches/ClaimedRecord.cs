using SandQueue.Rollouts.Play;
using SandQueue.Rollouts.Policies;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Rollouts.Batches;

/// <summary>The turns of a rollout that this worker has claimed.</summary>
/// <param name="rollout">The rollout.</param>
/// <param name="isFresh">Whether nobody had this attempt before, so that there are none.</param>
/// <param name="owner">The worker.</param>
/// <param name="turns">All turns.</param>
/// <param name="writer">Stores them.</param>
/// <param name="time">The clock.</param>
internal sealed class ClaimedRecord(Rollout rollout, bool isFresh, string owner, RolloutTurns turns, TurnWriter writer, TimeProvider time) : IRolloutRecord
{
    private const int PageTurns = 1_000;

    /// <summary>Bytes of turns that are read at once; one answer of an endpoint may have more.</summary>
    private const long PageBytes = 8 << 20;

    private readonly int _claim = rollout.Claim;

    public async Task<RecordedTurns> ReadAsync(int after, CancellationToken cancellationToken)
    {
        if (isFresh) return RecordedTurns.None;
        var (rows, hasMore) = await turns.ReadAsync(rollout.Id, rollout.Attempt, after, PageTurns, PageBytes, cancellationToken);
        return new RecordedTurns(rows.ToDictionary(row => row.Number, row => new PolicyTurn(row.Action, row.Answer, row.StopReason)), hasMore ? rows[^1].Number : null);
    }

    public async Task AppendAsync(int number, PolicyTurn turn, CancellationToken cancellationToken)
    {
        var row = new RolloutTurn
        {
            Rollout = rollout.Id,
            Attempt = rollout.Attempt,
            Number = number,
            Action = turn.Action,
            Answer = turn.Answer,
            StopReason = turn.StopReason,
            DecidedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        if (!await writer.AppendAsync(owner, row, _claim, cancellationToken)) throw new ClaimLostException($"rollout '{rollout.RolloutId}' is another worker's now");
    }

    public async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        if (!await turns.IsClaimedAsync(rollout.Id, _claim, owner, cancellationToken)) throw new ClaimLostException($"rollout '{rollout.RolloutId}' is another worker's now");
    }
}
