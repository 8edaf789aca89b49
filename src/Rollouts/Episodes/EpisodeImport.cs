using System.Runtime.CompilerServices;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Rollouts.Episodes;

/// <summary>
/// Stores the episodes of a file of our own form, plain or gzip. The whole file is checked before any of it is stored, from a copy on the disk, for it may be larger
/// than memory; a database that fails on the way leaves what was stored, which is not stored twice when the file comes again.
/// </summary>
public sealed class EpisodeImport(EpisodeImports store, TimeProvider time)
{
    /// <summary>Checks a file, and then stores its episodes.</summary>
    /// <param name="tenant">Whose they become.</param>
    /// <param name="file">The file; its reader bounds its size.</param>
    /// <param name="cancellationToken">Gives it up before anything is stored, and then between two episodes.</param>
    /// <exception cref="ImportException">A line is wrong, or the file is cut; nothing was stored.</exception>
    /// <exception cref="ImportRoomException">There is no room for the copy; nothing was stored.</exception>
    public async IAsyncEnumerable<ImportedEpisode> RunAsync(string tenant, Stream file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        await using var spool = await ImportSpool.OfAsync(file, cancellationToken);
        await foreach (var (number, line) in EpisodeFile.LinesAsync(spool.FromStart(), cancellationToken)) Read(line, number, tenant);
        await foreach (var (number, line) in EpisodeFile.LinesAsync(spool.FromStart(), cancellationToken))
        {
            var (instance, entries) = Read(line, number, tenant);
            // What is old is kept as long as what is played now: it is removed by the time at which it came.
            instance.EndedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
            var (episode, isNew) = await store.StoreAsync(instance, entries, cancellationToken);
            yield return new ImportedEpisode(number, episode, instance.InstanceId, isNew);
        }
    }

    private (Instance Instance, IReadOnlyList<JournalEntry> Entries) Read(byte[] line, long number, string tenant)
    {
        try
        {
            return EpisodeReading.Read(line, tenant, time.GetUtcNow());
        }
        catch (FormatException exception)
        {
            throw new ImportException(number, exception.Message);
        }
    }
}
