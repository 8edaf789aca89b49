using System.Diagnostics;
using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Episodes;
using SandQueue.Workers.Ownership;
using SandQueue.Workers.Protocols;
using SandQueue.Workers.Recovery;

namespace SandQueue.Workers.Commands.Evaluation;

/// <summary>Scores an episode: environment, journal, and only then the answer.</summary>
internal sealed class EvaluateExecution(
    EpisodeJournal journal, RecordedAnswers recorded, InstanceRebuild rebuild, OwnedInstances owned) : ICommandExecution<EvaluateInstance>
{
    public async Task<CommandReply?> ExecuteAsync(InstanceOwner owner, EvaluateInstance command, CancellationToken cancel)
    {
        owner.Touch();
        if (await rebuild.EnsureAsync(owner, command, cancel) is { } unable) return unable;
        if (owner.Recorded.Contains(command.CommandId)) return await recorded.RefusedAsync(command, cancel);

        // A score of nothing would be a reward for an agent that never acted.
        if (owner.NextStep == 1)
        {
            return Reply.Rejected(command, CommandReason.Conflict, $"instance '{owner.InstanceId}' has taken no step yet; there is nothing to evaluate");
        }

        try
        {
            var started = Stopwatch.GetTimestamp();
            var data = await owner.Environment!.EvaluateAsync(command.Messages, command.Params, cancel);
            var answer = EvaluationAnswer.Compose(data, owner.Provenance);
            return await RecordAsync(owner, command, answer, Stopwatch.GetElapsedTime(started).TotalMilliseconds, cancel);
        }
        catch (EnvironmentRejectedException mistake)
        {
            return Reply.Rejected(command, CommandReason.InvalidRequest, mistake.Message);
        }
        catch (Exception failure) when (failure is EnvironmentFailedException or OperationCanceledException)
        {
            owner.Disconnect();
            return failure is EnvironmentFailedException
                ? Reply.Failed(command, $"{failure.Message}. There is no score; the instance is rebuilt from its journal with its next command")
                : Reply.Expired(command, "the environment did not answer in time. There is no score; the instance is rebuilt from its journal with its next command");
        }
    }

    private async Task<CommandReply?> RecordAsync(
        InstanceOwner owner, EvaluateInstance command, EvaluationAnswer answer, double environmentMs, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var entry = owner.NewEntry(command, JournalKind.Evaluate);
        (entry.Action, entry.Params, entry.Answer) = (command.Messages, command.Params, answer.Answer);
        (entry.Reward, entry.EnvironmentMs) = (answer.Reward, environmentMs);
        switch (await journal.AppendAsync(new JournalAppend(entry, owner.Unmoved()), CancellationToken.None))
        {
            case JournalVerdict.Committed:
                owner.Recorded.Add(command.CommandId);
                return Reply.Completed(command, answer.Answer, environmentMs, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            case JournalVerdict.Duplicate:
                if (owner.Pool.Traits.EvaluateChangesState) owner.Disconnect();
                return await recorded.RefusedAsync(command, cancel);
            default:
                owned.GiveUp(owner);
                return null;
        }
    }
}
