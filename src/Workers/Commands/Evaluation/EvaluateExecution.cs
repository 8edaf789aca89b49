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

/// <summary>Scores an episode: environment, journal, and only then the answer.</summary>
internal sealed class EvaluateExecution(
    EpisodeJournal journal, RecordedAnswers recorded, InstanceRebuild rebuild, RecoveringCall calls, OwnedInstances owned) : ICommandExecution<EvaluateInstance>
{
    public async Task<CommandReply?> ExecuteAsync(InstanceOwner owner, EvaluateInstance command, CommandClock clock, CancellationToken cancellationToken)
    {
        owner.Touch();
        var ready = await rebuild.EnsureAsync(owner, command, cancellationToken);
        if (!ready.IsReady) return ready.Reply;
        if (owner.Recorded.Contains(command.CommandId)) return await recorded.RefusedAsync(command, cancellationToken);

        // A score of nothing would be a reward for an agent that never acted.
        if (owner.NextStep == 1)
        {
            return CommandReply.Rejected(command, CommandReason.Conflict, $"instance '{owner.InstanceId}' has taken no step yet; there is nothing to evaluate");
        }

        const string Missing = "There is no score";
        var outcome = await calls.RunAsync(
            owner, command, (environment, limit) => environment.EvaluateAsync(command.Messages, command.Params, limit), Missing, cancellationToken);
        // An evaluation is no action of the agent's, so its failure is never a score.
        if (outcome.Fault is { } fault) return CommandReply.Failed(command, $"the evaluation was tried twice: {fault}. {Missing}");
        if (outcome.Answer is not { } data) return outcome.Reply;
        try
        {
            var answer = EvaluationAnswer.Compose(data, owner.Provenance);
            return await RecordAsync(owner, command, answer, outcome.EnvironmentMs, cancellationToken);
        }
        catch (EnvironmentFailedException exception)
        {
            owner.Disconnect();
            return CommandReply.Failed(command, $"{exception.Message}. {Missing}; the instance is rebuilt from its journal with its next command");
        }
    }

    private async Task<CommandReply?> RecordAsync(
        InstanceOwner owner, EvaluateInstance command, EvaluationAnswer answer, double environmentMs, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var entry = owner.NewEntry(command, JournalKind.Evaluate);
        (entry.Action, entry.Params, entry.Answer) = (command.Messages, command.Params, answer.Answer);
        (entry.Reward, entry.EnvironmentMs) = (answer.Reward, environmentMs);
        switch (await journal.AppendAsync(new JournalAppend(entry, owner.Unmoved()), CancellationToken.None))
        {
            case JournalVerdict.Committed:
                owner.Recorded.Add(command.CommandId);
                return CommandReply.Completed(command, answer.Answer, environmentMs, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            case JournalVerdict.Duplicate:
                if (owner.Pool.Traits.EvaluateChangesState) owner.Disconnect();
                return await recorded.RefusedAsync(command, cancellationToken);
            default:
                owned.GiveUp(owner);
                return null;
        }
    }
}
