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
    /// <param name="rollout">The rollout; its newest attempt is read.</param>
    /// <param name="after">Only turns after this number; 0 for all.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<IReadOnlyList<RolloutTurn>> ReadAsync(Rollout rollout, int after, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        var recorded = await turns.ReadAsync(rollout.Id, rollout.Attempt, after, most, cancellationToken);
        var instance = await instances.FindNewestAsync(rollout.Tenant, RolloutCommands.InstanceIdOf(rollout.RolloutId, rollout.Attempt), cancellationToken);
        var taken = instance is null ? [] : await episodes.ReadActionsAsync(instance.EpisodeId, after, most, cancellationToken);
        var journaled = taken.Select(step => new RolloutTurn { Rollout = rollout.Id, Attempt = rollout.Attempt, Number = step.Step, Action = step.Action, Answer = [], DecidedAt = step.RecordedAt });
        return [.. recorded.UnionBy(journaled, turn => turn.Number).OrderBy(turn => turn.Number).Take(most)];
    }
}
