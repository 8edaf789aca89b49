using Microsoft.EntityFrameworkCore;

namespace SandQueue.Storage.Sqlite;

/// <summary>
/// EF's lock on migrations is a row in SQLite. A process that was killed while it migrated leaves it behind, and the
/// next would wait for it for ever, without a word. A file has one process, so a lock found at its start is nobody's.
/// </summary>
internal static class SqliteMigrationLock
{
    public static async Task ClearAsync(DbContext context, CancellationToken cancellationToken)
    {
        var isThere = await context.Database
            .SqlQuery<int>($"SELECT count(*) AS Value FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsLock'")
            .SingleAsync(cancellationToken) > 0;
        if (isThere) await context.Database.ExecuteSqlAsync($"DELETE FROM \"__EFMigrationsLock\"", cancellationToken);
    }
}
