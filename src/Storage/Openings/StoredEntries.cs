using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Openings;

/// <summary>Reads rows of the journal with what their answers were cut from. Everything that reads answers reads them by this.</summary>
internal static class StoredEntries
{
    public static IQueryable<StoredEntry> WithOpenings(this IQueryable<JournalEntry> entries, SandQueueContext context) => entries.Select(entry => new StoredEntry
    {
        Entry = entry,
        Opening = context.Openings.Where(opening => opening.Hash == entry.OpeningHash).Select(opening => opening.Content).FirstOrDefault(),
    });

    /// <summary>The first entry, whole, or null where there is none.</summary>
    public static async Task<JournalEntry?> FirstWholeAsync(this IQueryable<JournalEntry> entries, SandQueueContext context, CancellationToken cancellationToken) =>
        (await entries.AsNoTracking().WithOpenings(context).FirstOrDefaultAsync(cancellationToken))?.Whole();

    /// <summary>Puts an answer together again where it was cut.</summary>
    /// <param name="answer">What is stored of it.</param>
    /// <param name="ranges">Where it was cut; null where it was not.</param>
    /// <param name="opening">The content of its opening.</param>
    /// <param name="id">The row, for the error.</param>
    /// <exception cref="InvalidDataException">The opening is not in the database.</exception>
    public static byte[] Join(byte[] answer, byte[]? ranges, byte[]? opening, long id)
    {
        if (ranges is null) return answer;
        return opening is null
            ? throw new InvalidDataException($"row {id} of the journal names an opening that is not in the table openings: restore that table from the backup that the journal is from")
            : OpeningCut.Join(answer, ranges, opening);
    }
}
