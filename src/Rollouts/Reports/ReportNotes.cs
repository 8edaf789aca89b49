using System.Globalization;
using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Reports;

/// <summary>What a reader must know before the numbers.</summary>
internal static class ReportNotes
{
    /// <summary>Below this share of valid rewards the mean says little of the batch.</summary>
    private const double EnoughCoverage = 0.95;

    public static IReadOnlyList<string> Of(BatchFacts batch, Coverage coverage, Estimate? reward) => [.. Sentences(batch, coverage, reward)];

    private static IEnumerable<string> Sentences(BatchFacts batch, Coverage coverage, Estimate? reward)
    {
        if (batch.State != "closed") yield return string.Create(CultureInfo.InvariantCulture, $"This batch is {batch.State}: {coverage.Ended} of {coverage.Items} rollouts have ended, and the figures are of those. Rollouts that end early are often not like those that end late.");
        if (batch.PauseReason is { } reason) yield return $"It is paused: {OneLineText.Of(reason)}";
        if (coverage.Ended > 0 && coverage.Valid < EnoughCoverage * coverage.Ended)
            yield return string.Create(CultureInfo.InvariantCulture, $"{coverage.Ended - coverage.Valid} of {coverage.Ended} ended rollouts have no valid reward. The mean is of the others; the bounds say what it could be.");
        if (reward is { Clusters: 1 }) yield return "All valid rewards are of one task, so there is no interval.";
        if (reward is null && coverage.Ended > 0) yield return "No rollout has a valid reward, so there is no mean.";
    }
}
