using SandQueue.Storage.Connections;

namespace SandQueue.Storage.Sqlite;

/// <summary>A file has one process, whose sweep never runs twice at once.</summary>
internal sealed class SqliteScanLock : IScanLock, IAsyncDisposable
{
    public Task<IAsyncDisposable?> TryAcquireAsync(ClusterScan scan, CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(this);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
