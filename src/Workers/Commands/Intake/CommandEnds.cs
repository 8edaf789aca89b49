using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Workers.Ownership;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>
/// Writes the ends of commands that did not complete. A command has one end: where another wrote one first (the sender
/// whose time ran out, or this very command in an earlier delivery), that one is the answer.
/// </summary>
internal sealed class CommandEnds(EpisodeJournal journal, EpisodeReader episodes, TimeProvider time)
{
    /// <returns>The end the journal holds.</returns>
    public async Task<CommandReply> RecordAsync(InstanceOwner owner, ICommand command, CommandReply reply, CancellationToken cancel)
    {
        if (reply.End == CommandEnd.Completed || CommandContent.Kind(command) is not { } kind) return reply;

        var entry = UncompletedEnd.Entry(command, kind, reply, time.GetUtcNow().ToUnixTimeMilliseconds());
        if (await journal.AppendAsync(new JournalAppend(entry, Progress: null), cancel) == JournalVerdict.Committed) return reply;
        var recorded = await episodes.FindCommandAsync(command.Caller, command.CommandId, cancel);
        return recorded is not null && CommandContent.IsOf(recorded, command, command is CreateInstance ? null : owner.EpisodeId)
            ? Reply.Recorded(command, recorded)
            : reply;
    }
}
