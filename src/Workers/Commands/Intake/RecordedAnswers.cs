using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>Answers a command that took effect before with the answer it had then; refuses one that only looks the same.</summary>
internal sealed class RecordedAnswers(EpisodeReader episodes)
{
    /// <summary>The end of a command that was here before; a conflict where another came under its id.</summary>
    /// <returns>Null where the id is new.</returns>
    public async Task<CommandReply?> FindAsync(ICommand command, CancellationToken cancellationToken) => await episodes.FindEndAsync(command, cancellationToken) switch
    {
        null => null,
        { IsOfSameCommand: true } recorded => Reply.Recorded(command, recorded.Entry),
        _ => Reply.Rejected(command, CommandReason.Conflict, InstanceErrors.UsedBefore(command.CommandId)),
    };

    /// <summary>The end of a command whose row the journal refused because its id has one.</summary>
    public async Task<CommandReply> RefusedAsync(ICommand command, CancellationToken cancellationToken) =>
        await FindAsync(command, cancellationToken) ?? Reply.Failed(command, "the journal refused the command; send it again under another id");

    /// <summary>The stored answer of a step's number.</summary>
    public async Task<CommandReply> FindStepAsync(InstanceOwner owner, StepInstance command, int step, CancellationToken cancellationToken)
    {
        var entry = await episodes.FindStepAsync(owner.EpisodeId, step, cancellationToken);
        return entry is not null && entry.Action.AsSpan().SequenceEqual(command.Action)
            ? Reply.Completed(command, entry.Answer)
            : Reply.Rejected(command, CommandReason.Conflict, $"step {step} of instance '{owner.InstanceId}' was taken with another action; the next is {owner.NextStep}");
    }

    /// <summary>The stored answer of a Create whose instance lives, where it asks for the same.</summary>
    /// <returns>Null where the instance was claimed but never made.</returns>
    public async Task<CommandReply?> RepeatCreateAsync(InstanceOwner owner, CreateInstance command, CancellationToken cancellationToken)
    {
        if (owner.EnvType != command.EnvType || owner.TaskId != command.TaskId || !owner.Params.AsSpan().SequenceEqual(command.Params))
        {
            return Reply.Rejected(
                command,
                CommandReason.Conflict,
                $"instance '{owner.InstanceId}' lives already, as '{owner.EnvType}' task '{owner.TaskId}' with other values; release it first or choose another instance_id");
        }

        return await episodes.FindStepAsync(owner.EpisodeId, step: 0, cancellationToken) is { } entry
            ? Reply.Completed(command, entry.Answer)
            : null;
    }
}
