using System.Text.Json;

namespace SandQueue.Client.Commands;

/// <summary>What came of one attempt: an answer, or a refusal.</summary>
/// <param name="Answer">The answer; undefined where there is a refusal.</param>
/// <param name="InstanceId">The instance of the command; null where it has none.</param>
/// <param name="Refusal">Why there is no answer; null where there is one.</param>
internal readonly record struct Reply(JsonElement Answer, string? InstanceId, Refusal? Refusal)
{
    public static Reply Completed(JsonElement answer, string? instanceId = null) => new(answer, instanceId, null);

    public static Reply Refused(Refusal refusal) => new(default, null, refusal);
}
