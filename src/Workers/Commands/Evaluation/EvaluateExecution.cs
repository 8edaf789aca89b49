using System.Diagnostics;
using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Recovery;

namespace SandQueue.Workers.Commands.Evaluation;

/// <summary>Scores an episode so far, before its first step too: environment, journal, and only then the answer.</summary>
internal sealed class EvaluateExecution(EpisodeJournal journal, RetryAnswers recorded, RecoveringCall calls, OwnedInstances owned) : ICommandExecution<EvaluateInstance>
{
    private const string Missing = "There is no score";

    public async Task<OwnerResult> ExecuteAsync(InstanceOwner owner, EvaluateInstance command, CommandClock clock, CancellationToken cancellationToken)
    {
        owner.Use();
        if (await calls.ReadyAsync(owner, command, cancellationToken) is Readiness.NotReady { Result: var result }) return result;
        if (owner.Position.IsRecorded(command.CommandId) && await recorded.FindAsync(command, cancellationToken) is { } before) return before;

        var outcome = await calls.RunAsync(
            owner, command, (environment, limit) => environment.EvaluateAsync(command.Messages, command.Params, limit), Missing, cancellationToken);
        return outcome switch
        {
            CallOutcome.Answered answered => await RecordAsync(owner, command, answered, cancellationToken),
            // An evaluation is no action of the agent's, so its failure is never a score.
            CallOutcome.Fault fault => CommandReply.Failed(command, $"the evaluation was tried twice: {fault.What}. {Missing}"),
            _ => ((CallOutcome.Ended)outcome).Result,
        };
    }

    private async Task<OwnerResult> RecordAsync(InstanceOwner owner, EvaluateInstance command, CallOutcome.Answered answered, CancellationToken cancellationToken)
    {
        try
        {
            var answer = EvaluationAnswer.Compose(answered.Data, owner.Position.End, owner.Connection.Provenance);
            return await RecordAsync(owner, command, answer, answered.EnvironmentMs, cancellationToken);
        }
        catch (EnvironmentFailedException exception)
        {
            owner.Disconnect();
            return CommandReply.Failed(command, $"{exception.Message}. {Missing}; the instance is rebuilt from its journal with its next command");
        }
    }

    private async Task<OwnerResult> RecordAsync(
        InstanceOwner owner, EvaluateInstance command, EvaluationAnswer answer, double environmentMs, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var entry = owner.NewEntry(command, JournalKind.Evaluate);
        (entry.Action, entry.Params, entry.Answer) = (command.Messages, command.Params, answer.Answer);
        (entry.Reward, entry.EnvironmentMs) = (answer.Reward, environmentMs);
        switch (await journal.AppendAsync(new JournalAppend(entry, owner.Unmoved()), CancellationToken.None))
        {
            case JournalVerdict.Committed:
                owner.Position.Record(command.CommandId);
                return CommandReply.Completed(command, answer.Answer, environmentMs, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            case JournalVerdict.Duplicate:
                if (owner.Pool.Traits.EvaluateChangesState) owner.Disconnect();
                return await recorded.RefusedAsync(command, cancellationToken);
            default:
                owned.GiveUp(owner);
                return OwnerResult.OwnerGone;
        }
    }
}
