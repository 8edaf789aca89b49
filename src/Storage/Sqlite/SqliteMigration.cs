using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;

namespace SandQueue.Storage.Sqlite;

/// <summary>
/// Migrates the file. EF's lock on migrations is a row in SQLite: a process that was killed while it migrated leaves it behind, and the
/// next would wait for it for ever, without a word. A file has one process, so a lock found at its start is nobody's.
/// </summary>
internal sealed class SqliteMigration(IContextSource contexts, SchemaUpgrade upgrade) : IStorageMigration
{
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(cancellationToken);
        context.Database.SetCommandTimeout(TimeSpan.Zero);
        var isLocked = await context.Database
            .SqlQuery<int>($"SELECT count(*) AS Value FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsLock'")
            .SingleAsync(cancellationToken) > 0;
        if (isLocked) await context.Database.ExecuteSqlAsync($"DELETE FROM \"__EFMigrationsLock\"", cancellationToken);
        await upgrade.RunAsync(context.Database, cancellationToken);
    }
}
