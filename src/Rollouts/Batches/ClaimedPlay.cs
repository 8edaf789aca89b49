using System.Text.Json;
using Microsoft.Extensions.Logging;
using SandQueue.Rollouts.Play;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;
using SandQueue.Telemetry.Measures;
using SandQueue.Telemetry.Traces;

namespace SandQueue.Rollouts.Batches;

/// <summary>Plays one rollout that this worker has claimed, and says what became of the claim.</summary>
internal sealed partial class ClaimedPlay(IRolloutPlayer player, PolicyKeys keys, RolloutTurns turns, TurnWriter writer, TimeProvider time, ILogger<ClaimedPlay> log)
{
    /// <summary>A rollout that so many workers began on and none ended may be what ends them.</summary>
    private const int MostClaims = 30;

    /// <param name="batch">Its batch.</param>
    /// <param name="rollout">The rollout.</param>
    /// <param name="isFresh">Whether nobody had this attempt before.</param>
    /// <param name="owner">The worker, as the claim names it.</param>
    /// <param name="cancelled">Its caller gives it up.</param>
    /// <param name="stopping">This worker gives it up, and another goes on.</param>
    public async Task<Settlement> PlayAsync(Batch batch, Rollout rollout, bool isFresh, string owner, CancellationToken cancelled, CancellationToken stopping)
    {
        using var span = CommandTrace.Rollout(batch.BatchId, batch.EnvType);
        var end = await EndAsync(batch, rollout, isFresh, owner, cancelled, stopping);
        if (end is { RefusesEverything: false }) BatchMeasures.Ended(end.End.ToString().ToLowerInvariant());
        return new Settlement(rollout.Id, rollout.Claim, end);
    }

    private async Task<RolloutEnd?> EndAsync(Batch batch, Rollout rollout, bool isFresh, string owner, CancellationToken cancelled, CancellationToken stopping)
    {
        if (rollout.Claim - rollout.Attempt >= MostClaims) return BatchEnds.Failed($"{rollout.Claim} workers began on it, and none came to an end with it");
        try
        {
            using var policy = JsonDocument.Parse(rollout.Policy ?? batch.Policy);
            var (key, problem) = await keys.FindAsync(batch, rollout, policy.RootElement, stopping);
            if (problem is not null) return BatchEnds.WithoutKey(problem);
            var assignment = new RolloutAssignment
            {
                RolloutId = rollout.RolloutId,
                Attempt = rollout.Attempt,
                Tenant = rollout.Tenant,
                EnvType = batch.EnvType,
                TaskId = rollout.TaskId,
                Member = rollout.Member,
                Params = rollout.Params ?? batch.Params,
                Policy = policy.RootElement,
                ApiKey = key,
                Deadline = batch.DeadlineAt is { } deadline ? DateTimeOffset.FromUnixTimeMilliseconds(deadline) : null,
                CancelledByCaller = cancelled,
            };
            return RolloutJson.EndOf(await player.PlayAsync(assignment, new ClaimedRecord(rollout, isFresh, owner, turns, writer, time), stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (ClaimLostException)
        {
            return null;
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            // It goes on once the database is back, where its journal says it is.
            Interrupted(rollout.RolloutId, exception.GetBaseException().Message);
            return null;
        }
        catch (Exception exception)
        {
            Failed(rollout.RolloutId, exception);
            return BatchEnds.Failed($"the rollout could not be played: {exception.Message}");
        }
    }

    [LoggerMessage(LogLevel.Warning, "rollout {Rollout} goes on later: {Reason}")]
    private partial void Interrupted(string rollout, string reason);

    [LoggerMessage(LogLevel.Error, "rollout {Rollout} could not be played")]
    private partial void Failed(string rollout, Exception failure);
}
