using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>The rollouts of a batch that a lane may take. <see cref="BatchSweep.ListNeedsAsync"/> has the same rule for all batches in one query.</summary>
internal static class WaitingRollouts
{
    /// <summary>Where the batch does not run, only those that have to be stopped and released: they began, and were given up or have no time left.</summary>
    public static IQueryable<Rollout> Of(SandQueueContext context, long batch, BatchState state, long? deadline)
    {
        var waiting = context.Rollouts.Where(row => row.Batch == batch && row.End == null && row.Owner == null);
        return state == BatchState.Running ? waiting : waiting.Where(row => row.IsCancelled || (row.BeganAt != null && deadline < DatabaseClock.Now()));
    }
}
