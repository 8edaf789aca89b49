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
/// <param name="EndReason">Why the episode ended with it; null where it went on.</param>
internal sealed record Observation(byte[] Answer, double? Reward, string? EndReason)
{
    /// <summary>Characters of an answer that a text for people shows.</summary>
    private const int LongestShown = 2_000;

    public static Observation Of(Opening opening) => new(opening.Answer, Reward: null, EndReason: null);

    public static Observation Of(StepAnswer step) => new(step.Answer, step.Reward, step.EndReason);

    /// <summary>The recorded side.</summary>
    public static Observation Of(RecordedCommand recorded, byte[] answer) => new(answer, recorded.Reward, recorded.Terminated ? ReadEndReason(answer) : null);

    /// <summary>The answer for people, cut where it is long.</summary>
    public override string ToString()
    {
        var text = Encoding.UTF8.GetString(Answer);
        return text.Length <= LongestShown ? text : $"{OneLine.Beginning(text, LongestShown)}… ({Answer.Length} bytes)";
    }

    private static string? ReadEndReason(byte[] answer) => AnswerJson.Read(
        answer,
        root => root.TryGetProperty("info", out var info) && info.TryGetProperty("end_reason", out var reason) && reason.ValueKind == JsonValueKind.String ? reason.GetString() : null);
}
