using Microsoft.EntityFrameworkCore;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;
using SandQueue.Storage.Openings;

namespace SandQueue.Storage.Journal;

/// <summary>Reads what the journal has recorded.</summary>
public sealed class EpisodeReader
{
    private readonly IContextSource _contexts;

    internal EpisodeReader(IContextSource contexts) => _contexts = contexts;

    /// <summary>The end of a command, or null where it has none yet.</summary>
    public async Task<JournalEntry?> FindCommandAsync(string tenant, string commandId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.EntryOf(tenant, commandId).FirstWholeAsync(context, cancellationToken);
    }

    /// <summary>The end of a command and whether it is this command's; null where its id has none, or its kind is not journaled.</summary>
    internal async Task<RecordedEnd?> FindEndAsync(Command command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (CommandContent.Kind(command) is null || await FindCommandAsync(command.Tenant, command.CommandId, cancellationToken) is not { } entry) return null;

        await using var context = await _contexts.OpenAsync(cancellationToken);
        var instance = entry.EpisodeId is { } episode ? await context.Instances.AsNoTracking().FirstOrDefaultAsync(row => row.EpisodeId == episode, cancellationToken) : null;
        return new RecordedEnd(entry, CommandContent.IsOf(command, entry, instance));
    }

    /// <summary>A step of an episode by its number (0 is the create), or null where it is not recorded.</summary>
    public async Task<JournalEntry?> FindStepAsync(long episodeId, int step, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Journal.Where(entry => entry.EpisodeId == episodeId && entry.Step == step).FirstWholeAsync(context, cancellationToken);
    }

    /// <summary>The completed creates, steps and evaluations of an episode, in the order they took effect.</summary>
    public async Task<List<JournalEntry>> ReadEpisodeAsync(long episodeId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var stored = await context.Journal.AsNoTracking()
            .Where(entry => entry.EpisodeId == episodeId && entry.End == CommandEnd.Completed)
            .OrderBy(entry => entry.Id)
            .WithOpenings(context)
            .ToListAsync(cancellationToken);
        return stored.ConvertAll(entry => entry.Whole());
    }

    /// <summary>The same commands without their answers, which are most of an episode's bytes: what a replay reads.</summary>
    public async Task<List<RecordedCommand>> ReadCommandsAsync(long episodeId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Journal.AsNoTracking()
            .Where(entry => entry.EpisodeId == episodeId && entry.End == CommandEnd.Completed)
            .OrderBy(entry => entry.Id)
            .Select(entry => new RecordedCommand(
                entry.Id,
                episodeId,
                entry.CommandId,
                entry.Kind,
                entry.Step,
                entry.Cause,
                entry.Detail,
                entry.Action,
                entry.Params,
                entry.ObservationHash,
                entry.Reward,
                entry.Terminated))
            .ToListAsync(cancellationToken);
    }

    /// <summary>A page of the actions of an episode's steps, in order.</summary>
    /// <param name="episodeId">The episode.</param>
    /// <param name="after">Only steps after this number; 0 for the first page.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="mostBytes">Bytes of actions after which the page ends; the first is on it however large it is.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <returns>Number, action and, in Unix milliseconds, when it was recorded; and whether there are steps behind the page.</returns>
    public async Task<(List<(int Step, byte[] Action, long RecordedAt)> Actions, bool HasMore)> ReadActionsAsync(long episodeId, int after, int most, long mostBytes, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var behind = context.Journal.AsNoTracking().Where(entry => entry.EpisodeId == episodeId && entry.End == CommandEnd.Completed && entry.Step > after);
        var sizes = await behind.OrderBy(entry => entry.Step).Take(most + 1).Select(entry => new { Step = entry.Step!.Value, Bytes = entry.Action.Length }).ToListAsync(cancellationToken);
        var count = BoundedPage.Count(sizes.ConvertAll(size => (long)size.Bytes), most, mostBytes);
        if (count == 0) return ([], false);
        var last = sizes[count - 1].Step;
        var rows = behind.Where(entry => entry.Step <= last).OrderBy(entry => entry.Step).Select(entry => new { entry.Step, entry.Action, entry.RecordedAt }).AsAsyncEnumerable();

        // What is stored may be shorter than what comes out of it (PackedPayload), so the page ends by that.
        var (actions, bytes) = (new List<(int, byte[], long)>(count), 0L);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            bytes += row.Action.Length;
            if (actions.Count > 0 && bytes > mostBytes) return (actions, true);
            actions.Add((row.Step!.Value, row.Action, row.RecordedAt));
        }

        return (actions, count < sizes.Count);
    }

    /// <summary>The answer of one recorded command, byte for byte.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    public async Task<byte[]> ReadAnswerAsync(RecordedCommand command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var stored = await context.Journal.Where(entry => entry.EpisodeId == command.EpisodeId && entry.Id == command.Id)
            .Select(entry => new { entry.Answer, entry.OpeningRanges, Opening = context.Openings.Where(opening => opening.Hash == entry.OpeningHash).Select(opening => opening.Content).FirstOrDefault() })
            .FirstAsync(cancellationToken);
        return StoredEntries.Join(stored.Answer, stored.OpeningRanges, stored.Opening, command.Id);
    }
}
