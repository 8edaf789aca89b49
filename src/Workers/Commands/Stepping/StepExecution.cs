using System.Diagnostics;
using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Recovery;
using SandQueue.Workers.Recovery.Checkpoints;

namespace SandQueue.Workers.Commands.Stepping;

/// <summary>Takes one step: environment, journal, and only then the answer.</summary>
internal sealed class StepExecution(
    EpisodeJournal journal,
    RecordedAnswers recorded,
    RepeatedSteps repeated,
    InstanceRebuild rebuild,
    RecoveringCall calls,
    CheckpointTaking checkpoints,
    OwnedInstances owned,
    TimeProvider time) : ICommandExecution<StepInstance>
{
    public async Task<CommandReply?> ExecuteAsync(InstanceOwner owner, StepInstance command, CommandClock clock, CancellationToken cancellationToken)
    {
        owner.Touch();
        if (await repeated.FindAsync(owner, command, clock, cancellationToken) is { } joined) return joined;
        var ready = await rebuild.EnsureAsync(owner, command, cancellationToken, RecoveringCall.IsSuspect(owner, command));
        if (!ready.IsReady) return ready.Reply;
        if (owner.Recorded.Contains(command.CommandId)) return await recorded.RefusedAsync(command, cancellationToken);
        if (command.ExpectedStep is { } expected && expected != owner.NextStep) return await UnexpectedAsync(owner, command, expected, cancellationToken);
        if (owner.EndReason is { } over)
        {
            return CommandReply.Rejected(
                command, CommandReason.EpisodeOver, $"the episode of instance '{owner.InstanceId}' ended with step {owner.NextStep - 1} ({over}); evaluate or release it");
        }

        return await TakeAsync(owner, command, cancellationToken);
    }

    private async Task<CommandReply?> TakeAsync(InstanceOwner owner, StepInstance command, CancellationToken cancellationToken)
    {
        var outcome = await calls.RunAsync(
            owner, command, (environment, limit) => environment.StepAsync(command.Action, command.Params, limit), "The step was not recorded", cancellationToken);
        try
        {
            if (outcome.Answer is { } data)
            {
                var answer = StepAnswer.Compose(data, owner.NextStep, owner.MaxSteps, owner.Pool.Traits.Canonical);
                return await RecordAsync(owner, command, answer, outcome, cancellationToken);
            }

            if (outcome.Fault is not { } fault) return outcome.Reply;
            var observation = StepAnswer.Compose(AgentFault.Data(fault), owner.NextStep, owner.MaxSteps, owner.Pool.Traits.Canonical);
            return await RecordAsync(owner, command, observation, outcome, cancellationToken);
        }
        catch (EnvironmentFailedException exception)
        {
            owner.Disconnect();
            return CommandReply.Failed(command, $"{exception.Message}. The step was not recorded; the instance is rebuilt from its journal with its next command");
        }
    }

    private async Task<CommandReply?> RecordAsync(
        InstanceOwner owner, StepInstance command, StepAnswer answer, CallOutcome outcome, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var entry = owner.NewEntry(command, JournalKind.Step);
        (entry.Step, entry.Action, entry.Params, entry.Answer) = (owner.NextStep, command.Action, command.Params, answer.Answer);
        (entry.ObservationHash, entry.Reward, entry.Terminated) = (answer.ObservationHash, answer.Reward, answer.EndReason is not null);
        entry.EnvironmentMs = outcome.EnvironmentMs;
        if (outcome.Fault is { } fault) (entry.Cause, entry.Detail) = (FailureCause.Agent, fault);
        var progress = owner.Unmoved() with { NextStep = owner.NextStep + 1, EndReason = answer.EndReason };
        switch (await journal.AppendAsync(new JournalAppend(entry, progress), CancellationToken.None))
        {
            case JournalVerdict.Committed:
                owner.Stepped(answer);
                owner.Recorded.Add(command.CommandId);
                owner.LastStep = new LastStep(command.CommandId, command.Action, command.Params, answer.Answer, time.GetTimestamp());
                checkpoints.Stepped(owner);
                return CommandReply.Completed(command, answer.Answer, outcome.EnvironmentMs, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            case JournalVerdict.Duplicate:
                // The environment took a step that the journal refused: that instance is ahead of its episode.
                owner.Disconnect();
                return await recorded.RefusedAsync(command, cancellationToken);
            default:
                owned.GiveUp(owner);
                return null;
        }
    }

    private async Task<CommandReply> UnexpectedAsync(InstanceOwner owner, StepInstance command, int expected, CancellationToken cancellationToken) =>
        expected >= 1 && expected < owner.NextStep
            ? await recorded.FindStepAsync(owner, command, expected, cancellationToken)
            : CommandReply.Rejected(command, CommandReason.Conflict, $"step {expected} was sent, but the next step of instance '{owner.InstanceId}' is {owner.NextStep}");
}
