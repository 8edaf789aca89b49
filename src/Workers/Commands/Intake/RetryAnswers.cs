using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Telemetry.Measures;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>Answers a command that was executed before with the answer it had then; refuses one that only looks the same.</summary>
internal sealed class RetryAnswers(EpisodeReader episodes, EpisodeJournal journal, CommandEnds ends)
{
    /// <inheritdoc cref="CommandEnds.FindAsync" />
    public async Task<CommandReply?> FindAsync(Command command, CancellationToken cancellationToken)
    {
        var end = await ends.FindAsync(command, cancellationToken);
        if (end is not null) CommandMeasures.CameAgain(command, "journal");
        return end;
    }

    /// <summary>The end of a command whose row the journal refused because its id has one.</summary>
    public async Task<CommandReply> RefusedAsync(Command command, CancellationToken cancellationToken) =>
        await FindAsync(command, cancellationToken) ?? CommandReply.Failed(command, "the journal refused the command; send it again under another id");

    /// <summary>The stored answer of a step's number.</summary>
    public async Task<CommandReply> FindStepAsync(InstanceOwner owner, StepInstance command, int step, CancellationToken cancellationToken)
    {
        var entry = await episodes.FindStepAsync(owner.Row.EpisodeId, step, cancellationToken);
        return entry is not null && JsonMeaning.AreSame(entry.Action, command.Action)
            ? CommandReply.Completed(command, entry.Answer)
            : CommandReply.Rejected(command, CommandReason.Conflict, $"step {step} of instance '{owner.InstanceId}' was taken with another action; the next is {owner.Position.NextStep}");
    }

    /// <summary>The stored answer of a Create whose instance lives, where it asks for the same.</summary>
    /// <returns>Null where the instance was claimed but never made.</returns>
    public async Task<CommandReply?> RepeatCreateAsync(InstanceOwner owner, CreateInstance command, CancellationToken cancellationToken)
    {
        var row = owner.Row;
        if (row.EnvType != command.EnvType || row.TaskId != command.TaskId || !JsonMeaning.AreSame(row.Params, command.Params))
        {
            return CommandReply.Rejected(
                command,
                CommandReason.Conflict,
                $"instance '{owner.InstanceId}' lives already, as '{row.EnvType}' task '{row.TaskId}' with other values; release it first or choose another instance_id");
        }

        if (await episodes.FindStepAsync(row.EpisodeId, step: 0, cancellationToken) is not { } made) return null;
        return made.CommandId == command.CommandId
            ? CommandReply.Completed(command, made.Answer)
            : await RepeatAsync(owner, command, JournalKind.Create, made, cancellationToken);
    }

    /// <summary>
    /// Answers a command with the answer of another that it repeats, and records that as its end: a copy of it that comes later, when the
    /// instance may have ended, gets it too.
    /// </summary>
    public async Task<CommandReply> RepeatAsync(InstanceOwner owner, Command command, JournalKind kind, JournalEntry repeated, CancellationToken cancellationToken)
    {
        var entry = owner.NewRepetition(command, kind, repeated.CommandId, repeated.Answer);
        return await journal.AppendAsync(new JournalAppend(entry, Progress: null), CancellationToken.None) == JournalVerdict.Committed
            ? CommandReply.Completed(command, repeated.Answer)
            : await RefusedAsync(command, cancellationToken);
    }
}
