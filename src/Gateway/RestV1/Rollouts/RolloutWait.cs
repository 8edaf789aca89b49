using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Rollouts.Batches;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Gateway.RestV1.Rollouts;

/// <summary>Waits for a rollout's end: told at once where this process plays it, else by asking the database, ever less often.</summary>
internal sealed class RolloutWait(RolloutListing rollouts, RolloutSignals signals, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    public static QueryParameter Parameter { get; } = new("wait", "number", "seconds to wait for the end where there is none yet; at most Gateway:CommandTimeout") { Example = "30" };

    /// <returns>The rollout, ended or not; null where the tenant has none of that name.</returns>
    public async Task<(Rollout Rollout, Batch Batch)?> FindAsync(string tenant, string rolloutId, TimeSpan wait, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (await rollouts.FindAsync(tenant, rolloutId, cancellationToken) is not { } found) return null;
            var left = wait - time.GetElapsedTime(begun);
            if (found.Rollout.End is not null || left <= TimeSpan.Zero)
            {
                signals.Forget(found.Rollout.Id);
                return found;
            }

            try
            {
                await signals.WaitAsync(found.Rollout.Id, pause < left ? pause : left, time, cancellationToken);
            }
            catch
            {
                // Its caller has gone.
                signals.Forget(found.Rollout.Id);
                throw;
            }
        }
    }
}
