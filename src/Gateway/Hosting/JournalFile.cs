using System.Data.Common;
using Microsoft.Data.Sqlite;
using SandQueue.Hosting.Startup;
using SandQueue.Storage;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Fleet;

namespace SandQueue.Gateway.Hosting;

/// <summary>Opens the journal of a data folder, and says in one line why it cannot be.</summary>
internal static class JournalFile
{
    /// <summary>SQLite's codes for a file that is no database, and for one that is damaged.</summary>
    private const int NoDatabase = 26, Damaged = 11;

    /// <summary>Whoever holds the folder's lock knows that the worker before is gone, however it ended: nobody has to wait for its lease.</summary>
    /// <exception cref="StartupException">It is no journal, of a newer version, or cannot be written.</exception>
    public static async Task PrepareAsync(IServiceProvider services, string database, CancellationToken cancellationToken)
    {
        try
        {
            var unknown = await services.GetRequiredService<SchemaVersion>().FindUnknownAsync(cancellationToken);
            if (unknown.Count > 0)
            {
                throw new StartupException($"the journal {database} was written by a newer version of SandQueue (it has {unknown[^1]}); start that version, or choose another folder with --data");
            }

            await services.MigrateStorageAsync(cancellationToken);
            await services.GetRequiredService<WorkerDirectory>().EndAllLeasesAsync(cancellationToken);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            throw new StartupException(Problem(database, exception));
        }
    }

    private static string Problem(string database, Exception exception) => exception.GetBaseException() switch
    {
        SqliteException { SqliteErrorCode: NoDatabase or Damaged } broken =>
            $"the journal {database} is damaged or no journal ({broken.Message.TrimEnd('.')}); put a copy from before in its place, or choose another folder with --data",
        DbException other => JournalProbe.Problem(other) ?? $"the journal {database} cannot be opened ({other.Message.TrimEnd('.')}); choose another folder with --data",
        var other => $"the journal {database} cannot be opened: {other.Message}",
    };
}
