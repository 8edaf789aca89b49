using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Commands.Stepping;

/// <summary>
/// Recognises a step that a client sends again without saying so, as far as that is safe: the same action came while the
/// first still ran, or the first one's answer found nobody who took it. A caller who awaits each reply does neither on purpose.
/// </summary>
internal sealed class RepeatedSteps(EpisodeJournal journal, RecordedAnswers recorded)
{
    /// <returns>The first one's answer; null where the step is one of its own.</returns>
    public async Task<CommandReply?> FindAsync(InstanceOwner owner, StepInstance command, CommandClock clock, CancellationToken cancellationToken)
    {
        if (!command.HasNoIdempotencyKey || owner.LastStep is not { } last || !IsSame(last, command)) return null;
        if (last.CommandId == command.CommandId)
        {
            // Its gateway lives and asks again, so the caller is there after all, and gets the recorded answer.
            last.Given(command.CommandId);
            return null;
        }

        if (clock.ArrivedAt >= last.EndedAt && !last.IsUndelivered) return null;

        // A row of its own, outside of the episode: this command too may be sent again by its gateway.
        var entry = new JournalEntry
        {
            Tenant = command.Tenant,
            CommandId = command.CommandId,
            Kind = JournalKind.Step,
            End = CommandEnd.Completed,
            Detail = $"the answer of {last.CommandId}, which it repeats",
            Action = command.Action,
            Params = command.Params,
            Answer = last.Answer,
            Worker = owner.Worker,
            Epoch = owner.Epoch,
            RecordedAt = owner.Now,
        };
        if (await journal.AppendAsync(new JournalAppend(entry, Progress: null), CancellationToken.None) != JournalVerdict.Committed)
        {
            return await recorded.RefusedAsync(command, cancellationToken);
        }

        last.Given(command.CommandId);
        owner.Recorded.Add(command.CommandId);
        return CommandReply.Completed(command, last.Answer);
    }

    private static bool IsSame(LastStep last, StepInstance command) =>
        last.Action.AsSpan().SequenceEqual(command.Action) && last.Params.AsSpan().SequenceEqual(command.Params);
}
