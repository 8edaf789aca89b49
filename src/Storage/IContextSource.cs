using SandQueue.Storage.Model;

namespace SandQueue.Storage;

/// <summary>Gives out contexts of whichever database is configured, and tells its time.</summary>
internal interface IContextSource
{
    Task<SandQueueContext> OpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The database's clock in Unix milliseconds. Leases are counted by it alone: the clocks of two workers differ.
    /// </summary>
    Task<long> NowAsync(SandQueueContext context, CancellationToken cancellationToken);
}
