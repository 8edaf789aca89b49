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
        if (replay.Real("old_reward") is { } old) screen.Line($"reward before {Figures.Plain(old)}, now {(replay.Real("new_reward") is { } now ? Figures.Plain(now) : "none")}");
        foreach (var step in replay.List("differences") ?? replay.List("steps") ?? [])
        {
            if (step.Member("equal") is JsonValue value && value.TryGetValue<bool>(out var equal) && equal) continue;

            screen.Line($"step {step.Text("step")}:");
            foreach (var name in (string[])["before", "after"])
                if (step.Member(name) is { } side) screen.Line($"  {name}: {SafeText.Line(side.ToJsonString(), 400)}");
        }
    }
}
