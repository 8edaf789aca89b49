using Microsoft.EntityFrameworkCore;
using SandQueue.Contracts;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>Reads what the journal holds.</summary>
public sealed class EpisodeReader
{
    private readonly IContextSource _contexts;

    internal EpisodeReader(IContextSource contexts) => _contexts = contexts;

    /// <summary>The end of a command, or null where it has none yet.</summary>
    public async Task<JournalEntry?> FindCommandAsync(string caller, string commandId, CancellationToken cancel)
    {
        await using var context = await _contexts.OpenAsync(cancel);
        return await context.Journal.AsNoTracking().FirstOrDefaultAsync(entry => entry.Caller == caller && entry.CommandId == commandId, cancel);
    }

    /// <summary>The end of a command and whether it is this command's; null where its id has none, or its kind is not journaled.</summary>
    public async Task<RecordedEnd?> FindEndAsync(ICommand command, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (CommandContent.Kind(command) is null || await FindCommandAsync(command.Caller, command.CommandId, cancel) is not { } entry) return null;

        await using var context = await _contexts.OpenAsync(cancel);
        var instance = entry.EpisodeId is { } episode ? await context.Instances.AsNoTracking().FirstOrDefaultAsync(row => row.EpisodeId == episode, cancel) : null;
        return new RecordedEnd(entry, CommandContent.IsOf(command, entry, instance));
    }

    /// <summary>A step of an episode by its number (0 is the create), or null where it is not recorded.</summary>
    public async Task<JournalEntry?> FindStepAsync(long episodeId, int step, CancellationToken cancel)
    {
        await using var context = await _contexts.OpenAsync(cancel);
        return await context.Journal.AsNoTracking().FirstOrDefaultAsync(entry => entry.EpisodeId == episodeId && entry.Step == step, cancel);
    }

    /// <summary>The completed creates, steps and evaluations of an episode, in the order they took effect.</summary>
    public async Task<List<JournalEntry>> ReadEpisodeAsync(long episodeId, CancellationToken cancel)
    {
        await using var context = await _contexts.OpenAsync(cancel);
        return await context.Journal.AsNoTracking()
            .Where(entry => entry.EpisodeId == episodeId && entry.End == CommandEnd.Completed)
            .OrderBy(entry => entry.Id)
            .ToListAsync(cancel);
    }
}
