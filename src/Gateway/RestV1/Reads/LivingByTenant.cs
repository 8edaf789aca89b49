using SandQueue.Storage.Instances;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary>
/// How many instances each tenant has living. The count reads an index entry of every living instance, so it is done once for all who ask within some seconds,
/// however many pages are open.
/// </summary>
internal sealed class LivingByTenant(InstanceListing instances, TimeProvider time)
{
    /// <summary>No more often than an open page asks.</summary>
    internal static readonly TimeSpan Age = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private Task<Dictionary<string, int>>? _counted;
    private long _countedAt;

    /// <summary>Tenants without any are not in it.</summary>
    /// <exception cref="System.Data.Common.DbException">The database cannot be reached.</exception>
    public async Task<IReadOnlyDictionary<string, int>> CountAsync(CancellationToken cancellationToken)
    {
        Task<Dictionary<string, int>> counted;
        lock (_lock)
        {
            // Who comes first may go; the others wait for the same count, so it is nobody's to give up.
            if (_counted is null or { IsFaulted: true } || (_counted.IsCompleted && time.GetElapsedTime(_countedAt) >= Age))
            {
                (_counted, _countedAt) = (instances.CountLivingAsync(CancellationToken.None), time.GetTimestamp());
            }

            counted = _counted;
        }

        return await counted.WaitAsync(cancellationToken);
    }
}
