namespace SandQueue.Dashboard.Pages;

/// <summary>Addresses of pages, for pages that lead to them. Names may have any characters.</summary>
internal static class PageLinks
{
    public static string Rollout(string rollout) => $"/ui/rollout?id={Uri.EscapeDataString(rollout)}";

    public static string Batch(string batch) => $"/ui/batch?id={Uri.EscapeDataString(batch)}";

    /// <param name="instance">The instance.</param>
    /// <param name="episode">Which, where several had that name; null for the newest.</param>
    public static string Episode(string instance, long? episode = null) => $"/ui/episode?id={Uri.EscapeDataString(instance)}{(episode is { } key ? $"&episode={key}" : "")}";
}
