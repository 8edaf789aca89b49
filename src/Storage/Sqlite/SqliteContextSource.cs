using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Sqlite;

/// <summary>Contexts on the SQLite file. The database runs within this process, so its clock is the process's.</summary>
internal sealed class SqliteContextSource(IDbContextFactory<SqliteContext> factory, TimeProvider time) : IContextSource
{
    public async Task<SandQueueContext> OpenAsync(CancellationToken cancellationToken) => await factory.CreateDbContextAsync(cancellationToken);

    public Task<long> NowAsync(SandQueueContext context, CancellationToken cancellationToken) => Task.FromResult(time.GetUtcNow().ToUnixTimeMilliseconds());
}
