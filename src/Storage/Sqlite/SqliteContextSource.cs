using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Sqlite;

/// <summary>Contexts on the SQLite file.</summary>
internal sealed class SqliteContextSource(IDbContextFactory<SqliteContext> factory) : IContextSource
{
    public string Clock => $"{SqliteConnectionSetup.ClockFunction}()";

    public string RowLock => "";

    public async Task<SandQueueContext> OpenAsync(CancellationToken cancellationToken) => await factory.CreateDbContextAsync(cancellationToken);
}
