using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Sqlite;

/// <summary>Contexts on the SQLite file.</summary>
internal sealed class SqliteContextSource(IDbContextFactory<SqliteContext> factory, SqliteWriteLock writing) : IContextSource
{
    public string Clock => $"{SqliteConnectionSetup.ClockFunction}()";

    public string RowLock => "";

    public async Task<SandQueueContext> OpenAsync(CancellationToken cancellationToken) => await factory.CreateDbContextAsync(cancellationToken);

    public async Task<SandQueueContext> OpenForWritingAsync(CancellationToken cancellationToken)
    {
        var acquired = await writing.AcquireAsync(cancellationToken);
        try
        {
            var context = await factory.CreateDbContextAsync(cancellationToken);
            context.Writing = acquired;
            return context;
        }
        catch
        {
            acquired.Dispose();
            throw;
        }
    }
}
