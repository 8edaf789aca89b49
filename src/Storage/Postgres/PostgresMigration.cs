using Microsoft.EntityFrameworkCore;
using Npgsql;
using SandQueue.Storage.Connections;

namespace SandQueue.Storage.Postgres;

/// <summary>
/// Migrates the database, one process at a time. EF's own lock ends with the first of several migrations, and a second process then
/// repeats the next one: of five processes that started on an empty database, with two migrations, one failed. The lock here ends with
/// its connection, so a process that is killed leaves none behind. No statement has a limit: an index on a large journal takes minutes.
/// </summary>
internal sealed class PostgresMigration(PostgresConnections connections, IContextSource contexts, SchemaUpgrade upgrade) : IStorageMigration
{
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var locked = await connections.OpenOwnAsync(cancellationToken);
        await using var acquire = new NpgsqlCommand("SELECT pg_advisory_lock($1)", locked) { CommandTimeout = 0, Parameters = { new() { Value = AdvisoryLocks.Migration } } };
        await acquire.ExecuteNonQueryAsync(cancellationToken);

        await using var context = await contexts.OpenAsync(cancellationToken);
        context.Database.SetCommandTimeout(TimeSpan.Zero);
        await upgrade.RunAsync(context.Database, cancellationToken);
    }
}
