using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>The turns of rollouts. A turn is stored only by who has its rollout's claim.</summary>
public sealed class RolloutTurns
{
    private readonly IContextSource _contexts;

    internal RolloutTurns(IContextSource contexts) => _contexts = contexts;

    /// <summary>A page of the turns of an attempt, in order.</summary>
    /// <param name="rollout">The rollout's key.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="after">Only turns after this number; 0 for the first page.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="mostBytes">Bytes of actions and answers after which the page ends; the first turn is on it however large it is.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>The page, and whether there are turns behind it.</returns>
    public async Task<(List<RolloutTurn> Turns, bool HasMore)> ReadAsync(long rollout, int attempt, int after, int most, long mostBytes, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var behind = context.RolloutTurns.AsNoTracking().Where(row => row.Rollout == rollout && row.Attempt == attempt && row.Number > after);

        // Sizes first: an answer may have dozens of megabytes.
        var sizes = await behind.OrderBy(row => row.Number).Take(most + 1).Select(row => new { row.Number, Bytes = (row.Action == null ? 0 : row.Action.Length) + row.Answer.Length }).ToListAsync(cancellationToken);
        var count = BoundedPage.Count(sizes.ConvertAll(size => (long)size.Bytes), most, mostBytes);
        if (count == 0) return ([], false);
        var last = sizes[count - 1].Number;
        return (await behind.Where(row => row.Number <= last).OrderBy(row => row.Number).ToListAsync(cancellationToken), count < sizes.Count);
    }

    /// <summary>Whether a claim is still the worker's.</summary>
    public async Task<bool> IsClaimedAsync(long rollout, int claim, string owner, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Rollouts.AnyAsync(row => row.Id == rollout && row.Claim == claim && row.Owner == owner && row.End == null, cancellationToken);
    }

    /// <summary>Stores turns of many rollouts in one transaction, at most one of each. One that is stored already is not stored twice: the same may be asked again.</summary>
    /// <param name="owner">The worker that has them.</param>
    /// <param name="turns">The turns, each with the number of its claim.</param>
    /// <param name="cancellationToken">Gives it up; they may have been stored all the same.</param>
    /// <returns>For each whether its claim was still the worker's, so that it is stored.</returns>
    public async Task<bool[]> AppendAsync(string owner, IReadOnlyList<(RolloutTurn Turn, int Claim)> turns, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(turns);
        try
        {
            return await AppendAsync(owner, turns, isRepeated: false, cancellationToken);
        }
        catch (DbUpdateException exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            // One of them was stored by an earlier try whose answer was lost.
            return await AppendAsync(owner, turns, isRepeated: true, cancellationToken);
        }
    }

    private async Task<bool[]> AppendAsync(string owner, IReadOnlyList<(RolloutTurn Turn, int Claim)> turns, bool isRepeated, CancellationToken cancellationToken)
    {
        var keys = turns.Select(turn => turn.Turn.Rollout).Distinct().Order().ToList();
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // Locked: who takes the claim away waits until the turns are stored, and the worker after this one reads them.
        var places = string.Join(", ", keys.Select((_, place) => $"{{{place + 1}}}"));
        var sql = $"SELECT id AS \"Rollout\", claim AS \"Claim\", attempt AS \"Attempt\" FROM rollouts WHERE owner = {{0}} AND \"end\" IS NULL AND id IN ({places}) ORDER BY id{_contexts.RowLock}";
        var rows = (await context.Database.SqlQueryRaw<Claimed>(sql, [owner, .. keys.Cast<object>()]).ToListAsync(cancellationToken)).ToDictionary(row => row.Rollout);
        var (stored, added) = (new bool[turns.Count], new List<RolloutTurn>());
        for (var i = 0; i < turns.Count; i++)
        {
            var (turn, claim) = turns[i];
            if (!rows.TryGetValue(turn.Rollout, out var row) || row.Claim != claim || row.Attempt != turn.Attempt) continue;
            stored[i] = true;
            var before = isRepeated ? await context.RolloutTurns.AsNoTracking().FirstOrDefaultAsync(each => each.Rollout == turn.Rollout && each.Attempt == turn.Attempt && each.Number == turn.Number, cancellationToken) : null;
            if (before is null) added.Add(turn);
            else stored[i] = before.Action.AsSpan().SequenceEqual(turn.Action) && before.Answer.AsSpan().SequenceEqual(turn.Answer);
        }

        context.RolloutTurns.AddRange(added);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return stored;
    }

    /// <summary>What a claim is checked by: a rollout may have a policy and parameters of megabytes.</summary>
    private sealed record Claimed(long Rollout, int Claim, int Attempt);
}
