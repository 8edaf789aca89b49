using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>Counts rollouts, and keeps the counts of a batch that has closed in its row: they stay what they are, and a batch may have very many.</summary>
internal static class ClosedCounts
{
    public static async Task<List<(long Id, RolloutCount Count)>> CountAsync(IQueryable<Rollout> rollouts, CancellationToken cancellationToken)
    {
        var counts = await rollouts
            .GroupBy(row => new { row.Batch, row.End, IsRunning = row.Owner != null, row.Cause, row.Valid, row.Trainable })
            .Select(rows => new
            {
                rows.Key.Batch,
                Count = new RolloutCount(rows.Key.End, rows.Key.IsRunning, rows.Key.Cause, rows.Key.Valid, rows.Key.Trainable, rows.Count(), rows.Sum(row => row.Reward) ?? 0),
            })
            .ToListAsync(cancellationToken);
        return counts.ConvertAll(count => (count.Batch, count.Count));
    }

    /// <summary>As the row of a batch has them.</summary>
    public static async Task<string> WriteAsync(SandQueueContext context, long batch, CancellationToken cancellationToken)
    {
        var counts = await CountAsync(context.Rollouts.AsNoTracking().Where(row => row.Batch == batch), cancellationToken);
        return JsonSerializer.Serialize(counts.ConvertAll(count => count.Count), JsonSerializerOptions.Web);
    }

    /// <returns>Null where there are none.</returns>
    public static List<RolloutCount>? Read(string? json) => json is null ? null : JsonSerializer.Deserialize<List<RolloutCount>>(json, JsonSerializerOptions.Web);
}
