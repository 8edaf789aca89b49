using SandQueue.Contracts;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>The journal rows of commands that did not complete. They have no answer, no step and no reward.</summary>
public static class UncompletedEnd
{
    /// <summary>What a command would be in the journal; null where its kind changes nothing and is not journaled.</summary>
    public static JournalKind? Kind(ICommand command) => command switch
    {
        CreateInstance => JournalKind.Create,
        StepInstance => JournalKind.Step,
        EvaluateInstance => JournalKind.Evaluate,
        ReleaseInstance => JournalKind.Release,
        _ => null,
    };

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
            Caller = command.Caller,
            CommandId = command.CommandId,
            Kind = kind,
            End = reply.End,
            Reason = reply.Reason,
            Cause = reply.Cause,
            Detail = reply.Detail,
            Action = (command as StepInstance)?.Action ?? (command as EvaluateInstance)?.Messages ?? [],
            Params = command switch
            {
                CreateInstance create => create.Params,
                StepInstance step => step.Params,
                EvaluateInstance evaluate => evaluate.Params,
                _ => [],
            },
            RecordedAt = now,
        };
    }
}
