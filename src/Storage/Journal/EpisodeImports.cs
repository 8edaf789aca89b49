using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;
using SandQueue.Storage.Openings;

namespace SandQueue.Storage.Journal;

/// <summary>Stores episodes that were played elsewhere, as instances that have ended.</summary>
public sealed class EpisodeImports
{
    /// <summary>The worker of every entry that was imported.</summary>
    public const string Worker = "imported";

    private readonly IContextSource _contexts;

    internal EpisodeImports(IContextSource contexts) => _contexts = contexts;

    /// <summary>
    /// Stores an episode whole or not at all. One whose instance has the name of another of the tenant's is not stored again: names of imported instances are
    /// made of what is in them.
    /// </summary>
    /// <param name="instance">Its head, ended.</param>
    /// <param name="entries">Its entries, in order.</param>
    /// <param name="cancellationToken">Gives the wait for a connection up, and never the write.</param>
    /// <returns>The episode's key, and whether it was stored now.</returns>
    public async Task<(long EpisodeId, bool IsNew)> StoreAsync(Instance instance, IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(entries);
        if (instance.EndedAt is null) throw new ArgumentException("what is imported has ended", nameof(instance));

        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var known = await context.Instances.Where(row => row.Tenant == instance.Tenant && row.InstanceId == instance.InstanceId)
            .Select(row => (long?)row.EpisodeId)
            .FirstOrDefaultAsync(cancellationToken);
        if (known is { } before) return (before, false);

        instance.JournalBytes = entries.Sum(entry => (long)JournalAppend.BytesOf(entry));
        context.Instances.Add(instance);
        await context.SaveChangesAsync(CancellationToken.None);
        foreach (var entry in entries) entry.EpisodeId = instance.EpisodeId;

        // One after the other, for their keys are their order.
        foreach (var entry in entries)
        {
            if (OpeningCut.Of(entry) is { } cut) await StoreAsync(context, entry, cut);
            await context.ReserveIdAsync(entry, CancellationToken.None);
            context.Journal.Add(entry);
            await context.SaveChangesAsync(CancellationToken.None);
        }

        await transaction.CommitAsync(CancellationToken.None);
        return (instance.EpisodeId, true);
    }

    /// <summary>Leaves of an entry's answer what is its own.</summary>
    private static async Task StoreAsync(SandQueueContext context, JournalEntry entry, OpeningCut cut)
    {
        await context.Database.ExecuteSqlAsync($"INSERT INTO openings (hash, content) VALUES ({cut.Opening.Hash}, {cut.Opening.Content}) ON CONFLICT DO NOTHING", CancellationToken.None);
        (entry.Answer, entry.OpeningHash, entry.OpeningRanges) = (cut.Rest, cut.Opening.Hash, cut.Ranges);
    }
}
