using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Postgres;

/// <summary>
/// Lets one process migrate at a time. EF's own lock ends with the first of several migrations, and a second process then
/// repeats the next one: of five processes that started on an empty database, with two migrations, one failed. It ends with
/// its connection, so a process that is killed leaves none behind.
/// </summary>
internal sealed class PostgresMigrationLock : IAsyncDisposable
{
    /// <summary>Any number that nobody else uses in this database.</summary>
    private const long Key = 0x53414E4451554555;

    private readonly SandQueueContext _context;

    private PostgresMigrationLock(SandQueueContext context) => _context = context;

    /// <param name="context">Holds the lock on its connection.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    public static async Task<PostgresMigrationLock> TakeAsync(SandQueueContext context, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({Key})", cancellationToken);
        return new PostgresMigrationLock(context);
    }

    public async ValueTask DisposeAsync()
    {
        await _context.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Key})");
        await _context.Database.CloseConnectionAsync();
    }
}
