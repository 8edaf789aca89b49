using Microsoft.EntityFrameworkCore;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>
/// Reads and writes the one end that every command has. Whoever writes it first decides it: a worker that executed the command,
/// or a sender whose time ran out. Everyone else answers with the end that is recorded.
/// </summary>
public sealed class CommandEnds
{
    private readonly EpisodeJournal _journal;
    private readonly EpisodeReader _reader;
    private readonly IContextSource _contexts;
    private readonly TimeProvider _time;

    internal CommandEnds(EpisodeJournal journal, EpisodeReader reader, IContextSource contexts, TimeProvider time) =>
        (_journal, _reader, _contexts, _time) = (journal, reader, contexts, time);

    /// <summary>The recorded end of a command; a conflict where another command was executed or ended under its id.</summary>
    /// <returns>Null where the id is new, or was only used for another request that was wrong, or commands of its kind are not journaled.</returns>
    public async Task<CommandReply?> FindAsync(Command command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        return await _reader.FindEndAsync(command, cancellationToken) switch
        {
            null => null,
            { IsOfSameCommand: true } recorded => Recorded(command, recorded.Entry),
            { Entry: var refused } when Refusals.Is(refused) => null,
            _ => CommandReply.Rejected(command, CommandReason.Conflict, InstanceErrors.UsedBefore(command.CommandId)),
        };
    }

    /// <summary>
    /// The answer of the step that a caller sends again by its number alone. Such a repetition has an id of its own and no row: what names it
    /// is the step, whatever became of its instance since.
    /// </summary>
    /// <returns>Null where the command names no step that was taken, or another action was taken in it.</returns>
    public async Task<CommandReply?> FindRepeatedStepAsync(Command command, CancellationToken cancellationToken)
    {
        if (command is not StepInstance { ExpectedStep: { } number } step) return null;
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var newest = context.Instances.Where(row => row.Tenant == step.Tenant && row.InstanceId == step.InstanceId).OrderByDescending(row => row.EpisodeId).Take(1);
        var entry = await newest
            .Join(context.Journal.AsNoTracking().Where(entry => entry.Step == number && entry.Kind == JournalKind.Step), row => row.EpisodeId, entry => entry.EpisodeId, (_, entry) => entry)
            .AsNoTracking()
            .FirstOrDefaultAsync(cancellationToken);
        return entry is not null && JsonMeaning.AreSame(entry.Action, step.Action) ? CommandReply.Completed(command, entry.Answer) : null;
    }

    /// <summary>
    /// The recorded end of a Create that its caller sends, perhaps again. "No capacity" is none then, and neither is "the request is wrong": the
    /// row is removed, and the Create may take a slot that is free by now, or find the task that was missing. Until
    /// then that row keeps copies of the Create, which may still wait somewhere, from taking effect.
    /// </summary>
    /// <returns>Null where it has no end, or none any more.</returns>
    public async Task<CommandReply?> FindOrReopenAsync(CreateInstance command, CancellationToken cancellationToken)
    {
        var end = await FindAsync(command, cancellationToken);
        if (end is not { End: CommandEnd.Rejected, Reason: CommandReason.NoCapacity or CommandReason.InvalidRequest }) return end;

        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        var recorded = await context.EntryOf(command.Tenant, command.CommandId).Select(entry => entry.Id).FirstOrDefaultAsync(cancellationToken);
        await context.Journal
            .Where(entry => entry.Id == recorded
                && entry.EpisodeId == null
                && entry.End == CommandEnd.Rejected
                && (entry.Reason == CommandReason.NoCapacity || entry.Reason == CommandReason.InvalidRequest))
            .ExecuteDeleteAsync(cancellationToken);
        return null;
    }

    /// <summary>Records how a command ended that was not executed, unless it has an end already.</summary>
    /// <param name="command">The command.</param>
    /// <param name="reply">Its end. One that completed was recorded with its answer and is returned as it is.</param>
    /// <param name="cancellationToken">Stops the wait, not the write.</param>
    /// <returns>The end that the journal stores.</returns>
    /// <exception cref="System.Data.Common.DbException">The database could not be reached: which end the command has is unknown.</exception>
    public async Task<CommandReply> RecordAsync(Command command, CommandReply reply, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reply);
        if (reply.End == CommandEnd.Completed || CommandContent.Kind(command) is not { } kind) return reply;
        return await _journal.AppendAsync(new JournalAppend(Entry(command, kind, reply), Progress: null), cancellationToken) == JournalVerdict.Committed
            ? reply
            : await FindAsync(command, cancellationToken) ?? reply;
    }

    private static CommandReply Recorded(Command command, JournalEntry entry) => new()
    {
        CommandId = command.CommandId,
        Tenant = command.Tenant,
        End = entry.End,
        Reason = entry.Reason,
        Cause = entry.Cause,
        Detail = entry.Detail,
        Answer = entry.Answer,
    };

    /// <summary>The row of a command that was not executed: it has no answer, no step and no reward.</summary>
    private JournalEntry Entry(Command command, JournalKind kind, CommandReply reply) => new()
    {
        Tenant = command.Tenant,
        CommandId = command.CommandId,
        Kind = kind,
        Target = CommandContent.Target(command),
        End = reply.End,
        Reason = reply.Reason,
        Cause = reply.Cause,
        Detail = reply.Detail,
        Action = CommandContent.Action(command),
        Params = CommandContent.Params(command),
        RecordedAt = _time.GetUtcNow().ToUnixTimeMilliseconds(),
    };
}
