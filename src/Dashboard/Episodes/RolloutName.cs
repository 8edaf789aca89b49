using System.Globalization;

namespace SandQueue.Dashboard.Episodes;

/// <summary>Names of rollouts that the page begins.</summary>
internal static class RolloutName
{
    /// <param name="what">What the rollout does: <c>replay</c> or <c>fork</c>.</param>
    /// <param name="episode">The episode that it begins with.</param>
    /// <returns>A name that says both, and that no other rollout has.</returns>
    public static string New(string what, long episode) => string.Create(CultureInfo.InvariantCulture, $"{what}-{episode}-{Guid.NewGuid():N}");
}
