using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;
using SandQueue.Storage.Openings;

namespace SandQueue.Storage.Journal;

/// <summary>Reads the journal for people: an episode page by page, and a command by its id.</summary>
public sealed class JournalPages
{
    private readonly IContextSource _contexts;

    internal JournalPages(IContextSource contexts) => _contexts = contexts;

    /// <summary>
    /// The completed commands of an episode in the order they took effect, one by one as the database gives them: their answers may be large, and whoever
    /// has enough stops reading.
    /// </summary>
    /// <param name="episodeId">The episode.</param>
    /// <param name="after">Only those after this row, the last of the page before; 0 for the first page.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    public async IAsyncEnumerable<JournalEntry> ReadEpisodeAsync(long episodeId, long after, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var entries = context.Journal.AsNoTracking()
            .Where(entry => entry.EpisodeId == episodeId && entry.End == CommandEnd.Completed && entry.Id > after)
            .OrderBy(entry => entry.Id)
            .Take(most)
            .WithOpenings(context)
            .AsAsyncEnumerable();
        await foreach (var entry in entries.WithCancellation(cancellationToken)) yield return entry.Whole();
    }

    /// <summary>The id of the command that completed last in an episode; null where none has.</summary>
    public async Task<string?> FindLastAsync(long episodeId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Journal.Where(entry => entry.EpisodeId == episodeId && entry.End == CommandEnd.Completed)
            .OrderByDescending(entry => entry.Id)
            .Select(entry => entry.CommandId)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The end of a tenant's command; null where it has none.</summary>
    public async Task<EndedCommand?> FindCommandAsync(string tenant, string commandId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var entry = await context.EntryOf(tenant, commandId).FirstWholeAsync(context, cancellationToken);
        if (entry is null) return null;
        if (entry.EpisodeId is not { } episode) return new EndedCommand(entry, entry.Kind == JournalKind.Create ? null : entry.Target);
        return new EndedCommand(
            entry, await context.Instances.Where(row => row.EpisodeId == episode).Select(row => row.InstanceId).FirstOrDefaultAsync(cancellationToken));
    }
}
