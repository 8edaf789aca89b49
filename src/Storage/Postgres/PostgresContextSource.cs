using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Postgres;

/// <summary>Contexts on the PostgreSQL server.</summary>
internal sealed class PostgresContextSource(IDbContextFactory<PostgresContext> factory) : IContextSource
{
    public string Clock => "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    public string RowLock => " FOR UPDATE";

    public async Task<SandQueueContext> OpenAsync(CancellationToken cancellationToken) => await factory.CreateDbContextAsync(cancellationToken);

    public Task<SandQueueContext> OpenForWritingAsync(CancellationToken cancellationToken) => OpenAsync(cancellationToken);
}
