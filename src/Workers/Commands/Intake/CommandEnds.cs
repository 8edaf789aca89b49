using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Workers.Leases;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>
/// Writes the ends of commands that did not complete. A command has one end: where another wrote one first (the sender
/// whose time ran out, or this very command in an earlier delivery), that one is the answer.
/// </summary>
internal sealed class CommandEnds(EpisodeJournal journal, RecordedAnswers recorded, WorkerLease lease, TimeProvider time)
{
    /// <returns>The end the journal holds.</returns>
    public async Task<CommandReply> RecordAsync(ICommand command, CommandReply reply, CancellationToken cancellationToken)
    {
        if (reply.End == CommandEnd.Completed || CommandContent.Kind(command) is not { } kind) return reply;

        // What fails because this worker leaves is no end: the next owner does the command.
        if (!lease.IsLive) return reply;

        var entry = UncompletedEnd.Entry(command, kind, reply, time.GetUtcNow().ToUnixTimeMilliseconds());
        return await journal.AppendAsync(new JournalAppend(entry, Progress: null), cancellationToken) == JournalVerdict.Committed
            ? reply
            : await recorded.FindAsync(command, cancellationToken) ?? reply;
    }
}
