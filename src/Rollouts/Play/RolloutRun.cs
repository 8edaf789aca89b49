using SandQueue.Contracts;
using SandQueue.Rollouts.Policies;
using SandQueue.Rollouts.Policies.Replays;
using SandQueue.Rollouts.Requests;
using SandQueue.Rollouts.Results;
using SandQueue.Rollouts.Settings;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Rollouts.Play;

/// <summary>The play of one rollout, from its Create to its evaluation. What ends it early is its result.</summary>
/// <param name="request">The policy as it was asked for.</param>
/// <param name="policy">Decides.</param>
/// <param name="commands">Sends its commands.</param>
/// <param name="record">Has its turns.</param>
/// <param name="retry">Waits for the database, of which policies read recorded episodes.</param>
/// <param name="facts">Collects what it comes to.</param>
/// <param name="clock">What time it has.</param>
/// <param name="options">Limits.</param>
/// <param name="time">The clock of the machine.</param>
internal sealed class RolloutRun(
    PolicyRequest request, IPolicy policy, RolloutCommands commands, TurnRecord record, StorageRetry retry, RolloutFacts facts, RolloutClock clock, RolloutOptions options, TimeProvider time)
{
    private readonly EpisodeMessages _episode = new(request.ReadsMessages);

    private readonly IReplayingPolicy? _replaying = policy as IReplayingPolicy;

    private readonly int _maxSteps = request.MaxSteps ?? (request is RecordedRequest or ReplayRequest ? int.MaxValue : options.MaxSteps);

    /// <param name="rollout">What is played.</param>
    /// <param name="cancellationToken">Stops it, for whichever reason.</param>
    public async Task<RolloutResult> PlayAsync(RolloutAssignment rollout, CancellationToken cancellationToken)
    {
        if (await CreateAsync(cancellationToken) is { } notMade) return notMade;
        if (await EvaluateAgainAsync(afterStep: 0, cancellationToken) is { } notEvaluated) return notEvaluated;
        if (await StepsAsync(rollout.TaskId, cancellationToken) is { } ended) return ended;
        return await EvaluateAsync(cancellationToken);
    }

    private async Task<RolloutResult?> CreateAsync(CancellationToken cancellationToken)
    {
        var outcome = await commands.CreateAsync(cancellationToken);
        if (outcome is not CommandOutcome.Completed made) return OutcomeEnds.OfCreate(facts, outcome, clock.IsOver);

        var answer = EpisodeAnswer.Read(made.Answer);
        facts.Created(answer, made.Timing);
        _episode.Open(answer);
        return null;
    }

    /// <returns>Null where the episode can be evaluated.</returns>
    private async Task<RolloutResult?> StepsAsync(string taskId, CancellationToken cancellationToken)
    {
        for (var step = 1; ; step++)
        {
            if (step > _maxSteps) return Stop(StopReasons.MaxSteps);
            if (_episode.Bytes > options.MaxMessageBytes) return Stop(StopReasons.MaxMessageBytes);
            var turn = await record.FindAsync(step, cancellationToken);
            if (turn is not null)
            {
                // One that plays no further has nothing for the policy: it may not even be the policy's.
                if (turn.Action is not null) policy.Resume(step, turn);
            }
            else if (request.Timeout is { } limit && facts.PolicyMs >= limit.TotalMilliseconds)
            {
                // Recorded, as what a policy decides: a worker that goes on counts its time anew, and would play on behind the evaluation.
                turn = new PolicyTurn(null, [], StopReasons.Timeout);
                await record.AppendAsync(step, turn, cancellationToken);
            }
            else
            {
                turn = await DecideAsync(taskId, step, cancellationToken);
                if (!turn.IsRepeatable) await record.AppendAsync(step, turn, cancellationToken);
            }

            facts.Used(turn.Answer);
            if (turn.Action is null) return Stop(turn.StopReason ?? StopReasons.ActionsOver);
            var outcome = await commands.StepAsync(step, turn.Action, _replaying?.ParamsOf(step) ?? [], cancellationToken);
            if (outcome is CommandOutcome.Rejected { Reason: CommandReason.InvalidRequest or CommandReason.RecordedMiss } refused) return OutcomeEnds.OfRefusedAction(facts, refused.Detail, !request.IsDeterministic);
            if (outcome is not CommandOutcome.Completed taken) return OutcomeEnds.Of(facts, outcome, clock.IsOver);
            var answer = EpisodeAnswer.Read(taken.Answer);
            facts.Stepped(step, answer, taken.Timing);
            if (await EvaluateAgainAsync(step, cancellationToken) is { } failed) return failed;
            if (answer.IsTerminated) return null;
            _episode.Step(turn.Action, answer);
        }
    }

    /// <summary>Repeats the evaluations that a recorded episode has after a step: where they change the state, the steps behind them would come out otherwise.</summary>
    private async Task<RolloutResult?> EvaluateAgainAsync(int afterStep, CancellationToken cancellationToken)
    {
        var number = 0;
        foreach (var recorded in _replaying?.EvaluationsAfter(afterStep) ?? [])
        {
            var outcome = await commands.EvaluateAfterAsync(afterStep, ++number, recorded, cancellationToken);
            if (outcome is not CommandOutcome.Completed evaluated) return OutcomeEnds.Of(facts, outcome, clock.IsOver);
            facts.Evaluated(evaluated.Timing);
        }

        return null;
    }

    private RolloutResult? Stop(string reason)
    {
        facts.Stopped(reason);
        return null;
    }

    private async Task<PolicyTurn> DecideAsync(string taskId, int step, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Over);
        var began = time.GetTimestamp();
        try
        {
            var episode = new PolicyEpisode(commands.InstanceId, taskId, _episode.Messages, _episode.Tools, step, _episode.ToolMessages, clock.Remaining);
            return await retry.RunAsync(() => policy.DecideAsync(episode, limit.Token), limit.Token);
        }
        finally
        {
            facts.PolicyMs += time.GetElapsedTime(began).TotalMilliseconds;
        }
    }

    private async Task<RolloutResult> EvaluateAsync(CancellationToken cancellationToken)
    {
        var outcome = await commands.EvaluateAsync(_replaying?.LastEvaluation, cancellationToken);
        if (outcome is not CommandOutcome.Completed evaluated) return OutcomeEnds.Of(facts, outcome, clock.IsOver);
        facts.Evaluated(evaluated.Timing);
        return EvaluationReading.Read(evaluated.Answer) switch
        {
            ({ } score, var details) => facts.Completed(score, details),
            _ => OutcomeEnds.Failed(facts, RolloutCause.Environment, "the evaluation answered no score: an object with score, a finite number, is wanted"),
        };
    }
}
