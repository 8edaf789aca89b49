using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Rollouts.Policies;
using SandQueue.Rollouts.Policies.Replays;
using SandQueue.Rollouts.Requests;
using SandQueue.Rollouts.Results;
using SandQueue.Rollouts.Settings;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Rollouts.Play;

/// <summary>Plays rollouts over the command core, as any door does.</summary>
/// <param name="router">The command core.</param>
/// <param name="policies">Makes policies.</param>
/// <param name="options">Limits.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Says what a result does not.</param>
public sealed partial class RolloutPlayer(ICommandRouter router, IPolicyFactory policies, RolloutOptions options, TimeProvider time, ILogger<RolloutPlayer> log) : IRolloutPlayer
{
    /// <inheritdoc/>
    public async Task<RolloutResult> PlayAsync(RolloutAssignment rollout, IRolloutRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        using var clock = new RolloutClock(time, rollout.Deadline);
        var retry = new StorageRetry(time, log);
        var facts = new RolloutFacts(RolloutCommands.InstanceIdOf(rollout));
        PolicyRequest request;
        IPolicy policy;
        try
        {
            request = PolicyReading.Read(rollout.Policy);
            policy = policies.Make(request, new PolicySubject(rollout.Tenant, rollout.EnvType, rollout.TaskId, rollout.Member, rollout.ApiKey));
            rollout = await PreparedAsync(rollout, policy, retry, clock, cancellationToken);
        }
        catch (RolloutRequestException exception)
        {
            return OutcomeEnds.Rejected(facts, RolloutCause.Caller, exception.Message, isRetryable: false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return rollout.CancelledByCaller.IsCancellationRequested ? OutcomeEnds.Cancelled(facts) : OutcomeEnds.Expired(facts, "its time was over before the journal had told its episode");
        }

        var commands = new RolloutCommands(rollout, router, new CommandRepetition(clock, time, log), options);
        var turns = new TurnRecord(record, retry);
        var run = new RolloutRun(request, policy, commands, turns, retry, facts, clock, options, time);
        var result = await EndAsync(rollout, run, facts, clock, cancellationToken);
        if (policy is IReplayingPolicy replaying && facts.IsCreated) result = result with { Replay = await ComparedAsync(replaying, commands.InstanceId, result, retry, cancellationToken) };

        // Whose claim is over may come to a failure of its own, and must not take the instance from who plays on with it. What was played to its evaluation is the same for both.
        if (result.End is not CommandEnd.Completed) await turns.ConfirmAsync(cancellationToken);
        await ReleaseAsync(commands, facts, result, cancellationToken);
        return result;
    }

    /// <summary>A replay has the parameters of its episode, where the caller gives no others.</summary>
    private static async Task<RolloutAssignment> PreparedAsync(RolloutAssignment rollout, IPolicy policy, StorageRetry retry, RolloutClock clock, CancellationToken cancellationToken)
    {
        if (policy is not IReplayingPolicy replaying) return rollout;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, rollout.CancelledByCaller, clock.Over);
        await retry.RunAsync(
            async () =>
            {
                await replaying.PrepareAsync(stop.Token);
                return true;
            },
            stop.Token);
        return rollout with { Params = rollout.Params.Length == 0 ? replaying.Source.Params : rollout.Params, Parent = replaying.Parent };
    }

    private static Task<JsonObject> ComparedAsync(IReplayingPolicy replaying, string instanceId, RolloutResult result, StorageRetry retry, CancellationToken cancellationToken) =>
        retry.RunAsync(() => replaying.CompareAsync(instanceId, result.IsValid ? result.Reward : null, cancellationToken), cancellationToken);

    /// <exception cref="OperationCanceledException">It was given up by its worker.</exception>
    /// <exception cref="ClaimLostException">Another worker has it.</exception>
    private async Task<RolloutResult> EndAsync(RolloutAssignment rollout, RolloutRun run, RolloutFacts facts, RolloutClock clock, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, rollout.CancelledByCaller);
        try
        {
            return await run.PlayAsync(rollout, stop.Token);
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is not (OperationCanceledException or ClaimLostException))
        {
            // What fails while a worker stops may fail for that: another goes on, and meets it again where it is real.
            throw new OperationCanceledException($"the worker of the rollout stops: {exception.Message}", exception, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && rollout.CancelledByCaller.IsCancellationRequested)
        {
            return OutcomeEnds.Cancelled(facts);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && clock.IsOver)
        {
            return OutcomeEnds.Expired(facts, "its time was over while its policy decided");
        }
        catch (PolicyException exception)
        {
            return OutcomeEnds.Failed(facts, exception.IsInfrastructure ? RolloutCause.Infrastructure : RolloutCause.Policy, exception.Message) with { IsRetryable = exception.IsRetryable, RefusesEverything = exception.RefusesEverything };
        }
        catch (ReplayDivergedException exception)
        {
            return OutcomeEnds.Failed(facts, RolloutCause.Environment, exception.Message);
        }
        catch (JsonException exception)
        {
            return OutcomeEnds.Failed(facts, RolloutCause.Environment, $"an answer of the environment cannot be read: {exception.Message}");
        }
        catch (Exception exception) when (exception is not ClaimLostException && !cancellationToken.IsCancellationRequested)
        {
            Broken(rollout.RolloutId, rollout.Attempt, exception);
            return OutcomeEnds.Failed(facts, RolloutCause.Infrastructure, $"the rollout worker failed: {exception.Message}");
        }
    }

    /// <summary>Whatever its end was, its instance holds a slot. Where it cannot be released in time the sweep does it, and the result stands.</summary>
    private async Task ReleaseAsync(RolloutCommands commands, RolloutFacts facts, RolloutResult result, CancellationToken cancellationToken)
    {
        if (!facts.IsCreated)
        {
            // Its Create may still wait in a queue, or have been answered to a worker before this one.
            if (result.End is not CommandEnd.Rejected) commands.AbandonCreate();
            return;
        }

        using var clock = new RolloutClock(time, deadline: null);
        if (await commands.ReleaseAsync(new CommandRepetition(clock, time, log), cancellationToken) is CommandOutcome.Unknown or CommandOutcome.Expired
            or CommandOutcome.Failed { Reason: not (CommandReason.Lost or CommandReason.Diverged) })
        {
            NotReleased(commands.InstanceId, options.ReleaseTimeout.TotalSeconds);
        }
    }

    [LoggerMessage(LogLevel.Error, "rollout {RolloutId}, attempt {Attempt}, failed by a defect")]
    private partial void Broken(string rolloutId, int attempt, Exception exception);

    [LoggerMessage(LogLevel.Warning, "instance '{InstanceId}' of a rollout could not be released within {Seconds:0} s; the sweep ends it as idle")]
    private partial void NotReleased(string instanceId, double seconds);
}
