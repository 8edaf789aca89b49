using SandQueue.Dashboard.Text;

namespace SandQueue.Dashboard.Overview;

/// <summary>Something that a person should look at.</summary>
/// <param name="IsUrgent">Whether work is lost or stands still.</param>
/// <param name="Text">What it is, and what to do.</param>
/// <param name="Link">Where to look; null where there is no page for it.</param>
internal sealed record Attention(bool IsUrgent, string Text, string? Link = null)
{
    /// <summary>What is worth a look, the urgent first.</summary>
    public static IReadOnlyList<Attention> Of(
        IReadOnlyList<ServedEnvironment> environments, IReadOnlyList<LivingWorker>? workers, IEnumerable<TenantUse> tenants, IEnumerable<BatchState> batches, IEnumerable<EndedInstance> broken, DateTimeOffset now) =>
        [.. Fleet(environments, workers).Concat(Full(tenants)).Concat(Batches(batches)).Concat(Broken(broken, now)).OrderByDescending(item => item.IsUrgent)];

    private static IEnumerable<Attention> Fleet(IReadOnlyList<ServedEnvironment> environments, IReadOnlyList<LivingWorker>? workers)
    {
        if (environments.Count == 0) yield return new(true, "No environment is served. Start a worker, or enable an environment: Worker:Environments:NAME:Enabled.");
        foreach (var (environment, problem) in environments.SelectMany(environment => environment.Problems.Select(problem => (environment, problem)))) yield return new(false, $"{environment.EnvType}: {problem}");
        if (workers is null) yield break;

        foreach (var worker in workers.Where(worker => worker.Draining)) yield return new(false, $"Worker {worker.Name} drains: it hands its instances over and ends.");
        var versions = workers.Select(worker => worker.Version).Distinct(StringComparer.Ordinal).ToList();
        if (versions.Count > 1) yield return new(false, $"Workers have {versions.Count} versions ({string.Join(", ", versions)}): an upgrade goes on, or stopped halfway.");
        foreach (var environment in environments)
        {
            var rooms = workers.SelectMany(worker => worker.Capacity).Where(room => room.EnvType == environment.EnvType).ToList();
            if (rooms.Sum(room => room.LiveInstances) > 0 && rooms.All(room => room.FreeSlots == 0)) yield return new(true, $"{environment.EnvType} is full: new instances wait. Add a worker, or release what nobody uses.");
        }
    }

    private static IEnumerable<Attention> Full(IEnumerable<TenantUse> tenants) => tenants.Where(tenant => tenant.LiveLimit > 0 && tenant.LiveInstances >= tenant.LiveLimit).Select(tenant => new Attention(
        IsUrgent: false, $"{tenant.Tenant} has all {Shown.Count(tenant.LiveLimit)} instances that it may have: its creates are refused. Release what nobody uses, or raise Gateway:Limits:Tenants:{tenant.Tenant}:LiveInstances."));

    private static IEnumerable<Attention> Batches(IEnumerable<BatchState> batches) =>
        batches.Where(batch => batch.State == "paused").Select(batch => new Attention(true, $"Batch {batch.BatchId} is paused: {batch.PauseReason}", $"/ui/batch?id={Uri.EscapeDataString(batch.BatchId)}"));

    private static IEnumerable<Attention> Broken(IEnumerable<EndedInstance> broken, DateTimeOffset now) =>
        broken.Where(instance => instance.EndedAt > now.AddDays(-1)).OrderByDescending(instance => instance.EndedAt).Take(8).Select(instance => new Attention(
            instance.State == "diverged",
            $"{instance.InstanceId} is {instance.State}, {Shown.Ago(instance.EndedAt!.Value, now)}: {instance.EndDetail}",
            $"/ui/episode?id={Uri.EscapeDataString(instance.InstanceId)}&episode={instance.EpisodeId}"));
}
