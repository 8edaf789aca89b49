using SandQueue.Contracts;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>The journal rows of commands that did not complete. They have no answer, no step and no reward.</summary>
public static class UncompletedEnd
{
    /// <param name="command">The command that ended.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="reply">How it ended.</param>
    /// <param name="now">The time, in Unix milliseconds.</param>
    public static JournalEntry Entry(ICommand command, JournalKind kind, CommandReply reply, long now)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reply);
        return new JournalEntry
        {
            Tenant = command.Tenant,
            CommandId = command.CommandId,
            Kind = kind,
            End = reply.End,
            Reason = reply.Reason,
            Cause = reply.Cause,
            Detail = reply.Detail,
            Action = CommandContent.Action(command),
            Params = CommandContent.Params(command),
            RecordedAt = now,
        };
    }
}
