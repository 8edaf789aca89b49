using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Commands.Stepping;

/// <summary>
/// Recognises a step that a client sends again without saying so, as far as that is safe: the same action came while the
/// first still ran, or the first one's response was not delivered. A caller who awaits each reply does neither on purpose.
/// </summary>
internal sealed class UnkeyedRetries(EpisodeReader episodes, RetryAnswers recorded)
{
    /// <returns>The first one's answer; null where the step is one of its own.</returns>
    public async Task<CommandReply?> FindAsync(InstanceOwner owner, StepInstance command, CommandClock clock, CancellationToken cancellationToken)
    {
        if (!command.HasNoIdempotencyKey || owner.Position.LastStep is not { } last) return null;
        if (last.CommandId == command.CommandId)
        {
            // Its gateway lives and asks again, so the caller is there after all, and gets the recorded answer.
            if (last.IsSame(command)) last.Delivered(command.CommandId);
            return null;
        }

        if ((clock.ArrivedAt >= last.EndedAt && !last.IsUndelivered) || !last.IsSame(command)) return null;
        if (await episodes.FindStepAsync(owner.Row.EpisodeId, last.Number, cancellationToken) is not { } repeated) return null;

        var reply = await recorded.RepeatAsync(owner, command, JournalKind.Step, repeated, cancellationToken);
        if (reply.End != CommandEnd.Completed) return reply;
        last.Delivered(command.CommandId);
        owner.Position.Record(command.CommandId);
        return reply;
    }
}
