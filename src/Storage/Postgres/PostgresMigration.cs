using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;

namespace SandQueue.Storage.Postgres;

/// <summary>
/// Migrates the database, one process at a time. EF's own lock ends with the first of several migrations, and a second process then
/// repeats the next one: of five processes that started on an empty database, with two migrations, one failed. The lock here ends with
/// its connection, so a process that is killed leaves none behind. No statement has a limit: an index on a large journal takes minutes.
/// </summary>
internal sealed class PostgresMigration(IContextSource contexts) : IStorageMigration
{
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var locked = await contexts.OpenAsync(cancellationToken);
        locked.Database.SetCommandTimeout(TimeSpan.Zero);
        await locked.Database.OpenConnectionAsync(cancellationToken);
        await locked.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({AdvisoryLocks.Migration})", cancellationToken);
        try
        {
            await using var context = await contexts.OpenAsync(cancellationToken);
            context.Database.SetCommandTimeout(TimeSpan.Zero);
            await context.Database.MigrateAsync(cancellationToken);
        }
        finally
        {
            await locked.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({AdvisoryLocks.Migration})", CancellationToken.None);
        }
    }
}
