using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Rollouts.Batches;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Gateway.RestV1.Batches;

/// <summary>Finds batches of a tenant, and writes them with what their rollouts are now.</summary>
internal sealed class BatchReading(BatchDirectory batches, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <exception cref="Http.BadRequestException">The tenant has none of that name.</exception>
    public async Task<Batch> RequireAsync(string tenant, string batchId, CancellationToken cancellationToken) =>
        await batches.FindAsync(tenant, batchId, cancellationToken) is { IsHidden: false } batch ? batch : throw RolloutRefusal.UnknownBatch(batchId);

    /// <summary>Waits until it is closed, or so long.</summary>
    public async Task<Batch> WaitAsync(string tenant, string batchId, TimeSpan wait, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var batch = await RequireAsync(tenant, batchId, cancellationToken);
            var left = wait - time.GetElapsedTime(begun);
            if (batch.ClosedAt is not null || left <= TimeSpan.Zero) return batch;
            await Task.Delay(pause < left ? pause : left, time, cancellationToken);
        }
    }

    public async Task<byte[]> WriteAsync(Batch batch, CancellationToken cancellationToken) =>
        BatchJson.Of(batch, (await batches.CountAsync([batch], cancellationToken))[batch.Id]);
}
