using System.Text.Json.Nodes;
using SandQueue.Cli.Screens;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Rollouts;

/// <summary>What a replay found, in the form that rollouts have under <c>replay</c>.</summary>
internal static class ReplayView
{
    private const int LongestSide = 400;

    /// <summary>Whether a step, or the opening, came out otherwise.</summary>
    public static bool Differs(JsonObject? replay) => replay is not null && replay["equal"] is JsonValue equal && equal.TryGetValue<bool>(out var same) && !same;

    public static void Show(Screen screen, JsonObject replay)
    {
        screen.Line(Verdict(replay));
        if (replay.Real("source_reward") is { } old) screen.Line($"reward before {Figures.Plain(old)}, now {(replay.Real("reward") is { } now ? Figures.Plain(now) : "none")}");
        var shown = 0;
        foreach (var step in replay.List("differences") ?? [])
        {
            shown++;
            screen.Line(step.Number("step") == 0 ? "the opening:" : $"step {step.Text("step")}:");
            foreach (var name in (string[])["recorded", "observed"])
                if (step.Member(name) is { } side) screen.Line($"  {name}: {SafeText.Line(side.ToJsonString(), LongestSide)}");
        }

        if (replay.Number("different") is { } all && all > shown) screen.Line($"… and {Figures.Count(all - shown)} more");
    }

    private static string Verdict(JsonObject replay) => (replay["equal"], replay.Number("steps")) switch
    {
        (null, _) => "It was not compared.",
        (_, { } steps) when Differs(replay) => $"It differs from the episode: {Figures.Count(replay.Number("different") ?? 0)} of {Figures.Count(steps + 1)} answers came out otherwise.",
        (_, { } steps) => $"All {Figures.Count(steps)} steps are equal.",
        _ => Differs(replay) ? "It differs from the episode." : "Every step is equal.",
    };
}
