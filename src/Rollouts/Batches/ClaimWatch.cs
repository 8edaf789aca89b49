using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Rollouts.Batches;

/// <summary>
/// Compares once a second what this process plays with what the database says that it has: stops what was given up or is another's now, and gives back
/// what it has and does not play, as after a commit whose answer was lost.
/// </summary>
internal sealed partial class ClaimWatch(RolloutListing rollouts, RolloutLanes lanes, LedgerCalls ledger, ILaneOwner owner, TimeProvider time, ILogger<ClaimWatch> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(long Rollout, int Claim), int> _unplayed = [];

    /// <summary>Claims between the database's commit and the lane's first line of code are not counted as unplayed for so many looks.</summary>
    private const int LooksBeforeReturn = 5;

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var (name, before) = (owner.Name, lanes.Running.ToDictionary());
        var claims = (await rollouts.ListClaimedAsync(name, cancellationToken)).ToDictionary(claim => claim.Rollout);
        foreach (var (rollout, running) in before)
        {
            if (!claims.TryGetValue(rollout, out var claim) || claim.Claim != running.Claim) running.Stop();
            else if (claim.IsCancelled) running.Cancel();
        }

        var unplayed = claims.Values.Where(claim => !lanes.Running.ContainsKey(claim.Rollout)).ToList();
        foreach (var gone in _unplayed.Keys.Except(unplayed.Select(claim => (claim.Rollout, claim.Claim))).ToList()) _unplayed.Remove(gone);
        foreach (var claim in unplayed)
        {
            var looks = _unplayed[(claim.Rollout, claim.Claim)] = _unplayed.GetValueOrDefault((claim.Rollout, claim.Claim)) + 1;
            if (looks < LooksBeforeReturn) continue;
            Returned(claim.Rollout);
            await ledger.AdvanceAsync(claim.Batch, name, new LaneStep(new Settlement(claim.Rollout, claim.Claim, End: null), ClaimsNext: false));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception exception) when (DatabaseFailure.Is(exception))
            {
                // The next second asks again.
                NotSeen(exception.GetBaseException().Message);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Whatever it was, without this comparison the process would play on what is another's.
                NotCompared(exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "rollout {Rollout} was claimed and is not played here; it is given back")]
    private partial void Returned(long rollout);

    [LoggerMessage(LogLevel.Error, "what this process plays was not compared with its claims")]
    private partial void NotCompared(Exception failure);

    [LoggerMessage(LogLevel.Information, "what this process plays is compared with its claims later: {Reason}")]
    private partial void NotSeen(string reason);
}
