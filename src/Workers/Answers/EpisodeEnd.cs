using System.Text.Json;

namespace SandQueue.Workers.Answers;

/// <summary>How an episode ended, as the step that ended it said and as every evaluation since repeats.</summary>
/// <param name="Reason">Why: <c>end_reason</c>.</param>
/// <param name="IsTruncated">Whether a limit cut the episode, rather than what happened in it: <c>truncated</c>.</param>
internal sealed record EpisodeEnd(string Reason, bool IsTruncated)
{
    /// <summary>Reason of an episode that used up the steps its caller allowed.</summary>
    public const string MaxSteps = "max_steps";

    public const string ReasonName = "end_reason";

    public const string TruncatedName = "truncated";

    /// <summary>Writes both members; null for an episode that goes on.</summary>
    public static void Write(Utf8JsonWriter writer, EpisodeEnd? end)
    {
        writer.WriteString(ReasonName, end?.Reason);
        writer.WriteBoolean(TruncatedName, end is { IsTruncated: true });
    }
}
