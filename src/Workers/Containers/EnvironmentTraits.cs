using System.Text.Json;

namespace SandQueue.Workers.Containers;

/// <summary>What recovery has to know of an environment, as its server describes it.</summary>
/// <param name="Replayable">Whether the same actions on a fresh instance give the same observations. Unknown counts as no.</param>
/// <param name="EvaluateChangesState">Whether a replay must repeat evaluations too.</param>
internal sealed record EnvironmentTraits(bool Replayable, bool EvaluateChangesState)
{
    public static EnvironmentTraits Read(ReadOnlyMemory<byte> description)
    {
        using var document = JsonDocument.Parse(description);
        var described = document.RootElement;
        return new EnvironmentTraits(
            described.TryGetProperty("replayable", out var replayable) && replayable.ValueKind == JsonValueKind.String && replayable.ValueEquals("yes"),
            described.TryGetProperty("evaluate_changes_state", out var changes) && changes.ValueKind == JsonValueKind.True);
    }
}
