using System.Text.Json.Nodes;
using SandQueue.Cli.Screens;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Rollouts;

/// <summary>What a replay found.</summary>
internal static class ReplayView
{
    /// <summary>Whether a step, or the opening, came out otherwise.</summary>
    public static bool Differs(JsonObject? replay) => replay is not null && replay["equal"] is JsonValue equal && equal.TryGetValue<bool>(out var same) && !same;

    public static void Show(Screen screen, JsonObject replay)
    {
        screen.Line(Differs(replay) ? "It differs from the episode." : "Every step is equal.");
        if (replay.Real("source_reward") is { } before) screen.Line($"reward before {Figures.Plain(before)}, now {(replay.Real("reward") is { } now ? Figures.Plain(now) : "none")}");
        foreach (var step in replay.List("differences") ?? [])
        {
            screen.Line($"step {step.Number("step")}:");
            foreach (var name in (string[])["recorded", "observed"])
                if (step.Member(name) is { } side) screen.Line($"  {name}: {SafeText.Line(side.ToJsonString(), 400)}");
        }
    }
}
