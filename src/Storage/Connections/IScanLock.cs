namespace SandQueue.Storage.Connections;

/// <summary>Lets one process of the farm at a time run a scan; the others skip it.</summary>
internal interface IScanLock
{
    /// <returns>The lock, which is released when it is disposed of or its process dies; null where another process runs the scan.</returns>
    Task<IAsyncDisposable?> TryAcquireAsync(ClusterScan scan, CancellationToken cancellationToken);
}
