using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Postgres;

/// <summary>Contexts on the PostgreSQL server, and the server's clock.</summary>
internal sealed class PostgresContextSource(IDbContextFactory<PostgresContext> factory) : IContextSource
{
    public async Task<SandQueueContext> OpenAsync(CancellationToken cancellationToken) => await factory.CreateDbContextAsync(cancellationToken);

    public Task<long> NowAsync(SandQueueContext context, CancellationToken cancellationToken) =>
        context.Database.SqlQuery<long>($"SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS \"Value\"").SingleAsync(cancellationToken);
}
