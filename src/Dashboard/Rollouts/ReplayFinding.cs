using System.Text.Json;
using SandQueue.Dashboard.Calls;

namespace SandQueue.Dashboard.Rollouts;

internal sealed record ReplayFinding(
    long SourceEpisode, string SourceEnvType, int SourceSteps, int Steps, bool Equal, int Different, IReadOnlyList<StepDifference> Differences, double? SourceReward, double? Reward)
{
    private static readonly JsonSerializerOptions Indented = new(GatewayClient.Json) { WriteIndented = true };

    public static ReplayFinding? Of(JsonElement? replay) => replay is { ValueKind: JsonValueKind.Object } found ? found.Deserialize<ReplayFinding>(GatewayClient.Json) : null;

    /// <summary>One side of a difference, for people.</summary>
    public static string Shown(JsonElement side) => JsonSerializer.Serialize(side, Indented);
}

internal sealed record StepDifference(int Step, JsonElement Recorded, JsonElement Observed);
