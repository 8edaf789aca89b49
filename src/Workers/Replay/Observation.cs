using System.Text;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Hosting.Settings;
using SandQueue.Storage.Journal;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Replay;

/// <summary>One side of a comparison: what a create or a step answered, when it was recorded or when it was replayed.</summary>
/// <param name="Answer">The answer as JSON in UTF-8, byte for byte; its <c>info</c> is not compared.</param>
/// <param name="Reward">The reward; null for an initial state.</param>
/// <param name="End">How the episode ended with it; null where it went on.</param>
internal sealed record Observation(byte[] Answer, double? Reward, EpisodeEnd? End)
{
    /// <summary>Characters of an answer that a text for people shows.</summary>
    private const int LongestShown = 2_000;

    /// <summary>Why the episode ended with it; null where it went on.</summary>
    public string? EndReason => End?.Reason;

    public static Observation Of(Opening opening) => new(opening.Answer, Reward: null, End: null);

    public static Observation Of(StepAnswer step) => new(step.Answer, step.Reward, step.End);

    /// <summary>The recorded side.</summary>
    public static Observation Of(RecordedCommand recorded, byte[] answer) => new(answer, recorded.Reward, recorded.Terminated ? ReadEnd(answer) : null);

    /// <summary>The answer for people, cut where it is long.</summary>
    public override string ToString()
    {
        var text = Encoding.UTF8.GetString(Answer);
        return text.Length <= LongestShown ? text : $"{OneLine.Beginning(text, LongestShown)}… ({Answer.Length} bytes)";
    }

    private static EpisodeEnd? ReadEnd(byte[] answer) => AnswerJson.Read(
        answer,
        root => root.TryGetProperty("info", out var info) && info.TryGetProperty(EpisodeEnd.ReasonName, out var reason) && reason.ValueKind == JsonValueKind.String
            ? new EpisodeEnd(reason.GetString()!, info.TryGetProperty(EpisodeEnd.TruncatedName, out var cut) && cut.ValueKind == JsonValueKind.True)
            : null);
}
