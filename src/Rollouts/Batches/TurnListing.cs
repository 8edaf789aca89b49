using SandQueue.Rollouts.Play;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Rollouts.Batches;

/// <summary>
/// The turns of a rollout for people: those that were recorded with what the policy's endpoint answered, and between them the actions in the journal, of policies whose
/// turns are not recorded because they would be decided the same again.
/// </summary>
public sealed class TurnListing(RolloutTurns turns, InstanceDirectory instances, EpisodeReader episodes)
{
    /// <summary>Bytes of either kind after which a page ends; one answer of an endpoint may have more.</summary>
    private const long PageBytes = 4 << 20;

    /// <param name="rollout">The rollout; its newest attempt is read.</param>
    /// <param name="after">Only turns after this number; 0 for the first page.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>A page, and whether there are turns behind it.</returns>
    public async Task<(IReadOnlyList<RolloutTurn> Turns, bool HasMore)> ReadAsync(Rollout rollout, int after, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        var (recorded, areMoreRecorded) = await turns.ReadAsync(rollout.Id, rollout.Attempt, after, most, PageBytes, cancellationToken);
        var instance = await instances.FindNewestAsync(rollout.Tenant, RolloutCommands.InstanceIdOf(rollout.RolloutId, rollout.Attempt), cancellationToken);
        var (taken, areMoreTaken) = instance is null ? ([], false) : await episodes.ReadActionsAsync(instance.EpisodeId, after, most, PageBytes, cancellationToken);
        var journaled = taken.Select(step => new RolloutTurn { Rollout = rollout.Id, Attempt = rollout.Attempt, Number = step.Step, Action = step.Action, Answer = [], DecidedAt = step.RecordedAt });

        // Behind the end of the shorter page the other kind may be missing.
        var end = Math.Min(areMoreRecorded ? recorded[^1].Number : int.MaxValue, areMoreTaken ? taken[^1].Step : int.MaxValue);
        var all = recorded.UnionBy(journaled, turn => turn.Number).Where(turn => turn.Number <= end).OrderBy(turn => turn.Number).ToList();
        return ([.. all.Take(most)], areMoreRecorded || areMoreTaken || all.Count > most);
    }
}
