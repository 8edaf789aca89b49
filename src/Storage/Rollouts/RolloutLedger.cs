using Microsoft.EntityFrameworkCore;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>
/// Takes what became of claims and hands out new ones: those of many lanes of one batch in one transaction, which also closes the batch with its last
/// end. A rollout's end is written once, by who has its claim.
/// </summary>
public sealed class RolloutLedger
{
    /// <summary>A batch pauses after so many rollouts one after the other whose endpoint refuses everything, and a rollout that met it more often fails.</summary>
    private const int MostRefusals = 3;

    private readonly IContextSource _contexts;

    internal RolloutLedger(IContextSource contexts) => _contexts = contexts;

    /// <param name="batch">The batch's key.</param>
    /// <param name="owner">The worker whose lanes they are.</param>
    /// <param name="steps">What each lane asks.</param>
    /// <param name="now">Unix milliseconds, UTC.</param>
    /// <param name="cancellationToken">Gives it up; it may have been stored all the same.</param>
    /// <returns>An answer to each step, in their order.</returns>
    /// <exception cref="System.Data.Common.DbException">The database cannot be reached; the same may be asked again.</exception>
    public async Task<LaneAnswer[]> AdvanceAsync(long batch, string owner, IReadOnlyList<LaneStep> steps, long now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(steps);
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await BatchLock.TakeAsync(context, _contexts, batch, cancellationToken) is not { } row) return [.. steps.Select(_ => new LaneAnswer(IsSettled: false, Next: null, IsFresh: false, Batch: null))];

        var settled = await SettleAsync(context, row, owner, steps, now, cancellationToken);
        var (claimed, isIdle) = await ClaimAsync(context, row, owner, steps.Count(step => step.ClaimsNext), settled, now, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        if (isIdle) await BatchClosing.TryAsync(context, row, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        var next = new Queue<(Rollout Row, bool IsFresh)>(claimed);
        return [.. steps.Select(step =>
        {
            var (rollout, isFresh) = step.ClaimsNext && next.TryDequeue(out var found) ? found : default;
            return new LaneAnswer(step.Settled is null || settled.ContainsKey(step.Settled), rollout, isFresh, row);
        })];
    }

    /// <returns>The rows of those that were still claimed so.</returns>
    private static async Task<Dictionary<Settlement, Rollout>> SettleAsync(
        SandQueueContext context, Batch batch, string owner, IReadOnlyList<LaneStep> steps, long now, CancellationToken cancellationToken)
    {
        var settled = new Dictionary<Settlement, Rollout>(ReferenceEqualityComparer.Instance);
        var settlements = steps.Select(step => step.Settled).OfType<Settlement>().ToList();
        if (settlements.Count == 0) return settled;
        var keys = settlements.ConvertAll(settlement => settlement.Rollout);
        var rows = await context.Rollouts.Where(row => row.Batch == batch.Id && keys.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellationToken);
        foreach (var settlement in settlements)
        {
            if (!rows.TryGetValue(settlement.Rollout, out var row) || row.End is not null || row.Owner != owner || row.Claim != settlement.Claim) continue;
            Settle(batch, row, settlement.End, now);
            settled.Add(settlement, row);
        }

        return settled;
    }

    private static void Settle(Batch batch, Rollout row, RolloutEnd? end, long now)
    {
        row.Owner = null;
        if (end is null) return;
        if (end is { RefusesEverything: true, End: CommandEnd.Failed } && !batch.IsHidden && !row.IsCancelled && batch.State != BatchState.Cancelling && row.Refusals < MostRefusals)
        {
            Refuse(batch, row, end, now);
            return;
        }

        (row.End, row.EndedAt, row.Reward, row.Valid, row.Trainable, row.Retryable) = (end.End, now, end.Reward, end.Valid, end.Trainable, end.Retryable);
        (row.Cause, row.EndReason, row.Truncated, row.Detail, row.Steps, row.Result) = (end.Cause, end.EndReason, end.Truncated, end.Detail, end.Steps, end.Result);
        if (end.End == CommandEnd.Completed) batch.Refusals = 0;
    }

    private static void Refuse(Batch batch, Rollout row, RolloutEnd end, long now)
    {
        EarlierAttempts.Add(row, end.End, end.Cause, end.Detail, now);
        row.Refusals++;
        batch.Refusals++;
        if (batch.State != BatchState.Running || batch.Refusals < MostRefusals) return;
        (batch.State, batch.PauseReason, batch.IsStateAnnounced) = (BatchState.Paused, end.Detail ?? "the policy's endpoint refuses everything", false);
    }

    /// <returns>What was claimed, and whether nothing of the batch runs or waits as far as was seen.</returns>
    private static async Task<(List<(Rollout Row, bool IsFresh)> Claimed, bool IsIdle)> ClaimAsync(
        SandQueueContext context, Batch batch, string owner, int wanted, Dictionary<Settlement, Rollout> settled, long now, CancellationToken cancellationToken)
    {
        // Before the ends are stored: those rows are counted as running, and taken off again.
        var running = await context.Rollouts.Where(row => row.Batch == batch.Id && row.End == null && row.Owner != null)
            .GroupBy(row => row.Endpoint ?? "").Select(rows => new { Endpoint = rows.Key, Count = rows.Count() })
            .ToDictionaryAsync(rows => rows.Endpoint, rows => rows.Count, StringComparer.Ordinal, cancellationToken);
        foreach (var row in settled.Values) running[row.Endpoint ?? ""]--;
        var runs = running.Values.Sum();
        var room = Math.Min(wanted, batch.Concurrency - runs);
        var waits = settled.Values.Any(row => row.End is null);
        var candidates = room <= 0 ? [] : await FindAsync(context, batch, room, running, cancellationToken);
        var claimed = new List<(Rollout Row, bool IsFresh)>();
        foreach (var row in candidates)
        {
            if (claimed.Count == room) break;
            var endpoint = row.Endpoint ?? "";
            if (IsFull(batch, endpoint, running)) continue;
            running[endpoint] = running.GetValueOrDefault(endpoint) + 1;
            claimed.Add((row, IsFresh: row.BeganAt is null));
            (row.Owner, row.Claim, row.BeganAt) = (owner, row.Claim + 1, row.BeganAt ?? now);
        }

        return (claimed, runs == 0 && claimed.Count == 0 && candidates.Count == 0 && !waits);
    }

    /// <summary>Rollouts that wait, the first first.</summary>
    private static Task<List<Rollout>> FindAsync(SandQueueContext context, Batch batch, int room, Dictionary<string, int> running, CancellationToken cancellationToken)
    {
        var waiting = WaitingRollouts.Of(context, batch.Id, batch.State, batch.DeadlineAt);
        if (batch.EndpointConcurrency is null) return waiting.OrderBy(row => row.Number).Take(room).ToListAsync(cancellationToken);
        var full = running.Keys.Where(endpoint => IsFull(batch, endpoint, running)).ToList();
        return waiting.Where(row => !full.Contains(row.Endpoint ?? "")).OrderBy(row => row.Number).Take((2 * room) + 8).ToListAsync(cancellationToken);
    }

    private static bool IsFull(Batch batch, string endpoint, Dictionary<string, int> running) =>
        batch.EndpointConcurrency is { } most && endpoint.Length > 0 && running.GetValueOrDefault(endpoint) >= most;
}
