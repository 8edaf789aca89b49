using System.Diagnostics;
using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Telemetry.Measures;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Recovery.Checkpoints;

namespace SandQueue.Workers.Commands.Stepping;

/// <summary>Writes a step into the journal, and moves its instance on once it is there.</summary>
internal sealed class StepRecording(EpisodeJournal journal, RetryAnswers recorded, CheckpointSaving checkpoints, OwnedInstances owned, TimeProvider time)
{
    /// <param name="owner">The instance.</param>
    /// <param name="command">The step.</param>
    /// <param name="answer">Its answer.</param>
    /// <param name="environmentMs">Milliseconds in the environment.</param>
    /// <param name="fault">What the action did to its environment, twice; null where the environment answered.</param>
    /// <param name="cancellationToken">Ends with the caller's time.</param>
    public async Task<OwnerResult> RecordAsync(
        InstanceOwner owner, StepInstance command, StepAnswer answer, double environmentMs, string? fault, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var number = owner.Position.NextStep;
        var entry = owner.NewEntry(command, JournalKind.Step);
        (entry.Step, entry.Action, entry.Params, entry.Answer) = (number, command.Action, command.Params, answer.Answer);
        (entry.ObservationHash, entry.Reward, entry.Terminated) = (answer.ObservationHash, answer.Reward, answer.EndReason is not null);
        entry.EnvironmentMs = environmentMs;
        if (fault is not null) (entry.Cause, entry.Detail) = (FailureCause.Agent, fault);
        var progress = owner.Unmoved() with { NextStep = number + 1, EndReason = answer.EndReason };
        switch (await journal.AppendAsync(new JournalAppend(entry, progress), CancellationToken.None))
        {
            case JournalVerdict.Committed:
                owner.Position.Step(new LastStep(command, number, time.GetTimestamp()), answer.End);
                checkpoints.Stepped(owner);
                if (answer.EndReason is { } reason) InstanceMeasures.EpisodeEnded(owner.Pool.Environment, reason, fault is null ? null : "agent");
                return CommandReply.Completed(command, answer.Answer, environmentMs, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            case JournalVerdict.Duplicate:
                // The environment took a step that the journal refused: that instance is ahead of its episode.
                owner.Disconnect();
                return await recorded.RefusedAsync(command, cancellationToken);
            default:
                owned.GiveUp(owner);
                return OwnerResult.OwnerGone;
        }
    }
}
