using System.Text.Json;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Pools;

/// <summary>What recovery has to know of an environment, as its server describes it.</summary>
/// <param name="Replayable">Whether the same actions on a fresh instance give the same observations. Unknown counts as no.</param>
/// <param name="EvaluateChangesState">Whether a replay must repeat evaluations too.</param>
/// <param name="Canonical">Under which form observations are compared.</param>
internal sealed record EnvironmentTraits(bool Replayable, bool EvaluateChangesState, CanonicalForm Canonical)
{
    /// <summary>Before a server has said anything.</summary>
    public static EnvironmentTraits Unknown { get; } = new(Replayable: false, EvaluateChangesState: false, CanonicalForm.Exact);

    /// <exception cref="ContainerException">It declares a canonical form that this worker does not know.</exception>
    public static EnvironmentTraits Read(ReadOnlyMemory<byte> description)
    {
        using var document = JsonDocument.Parse(description);
        var described = document.RootElement;
        return new EnvironmentTraits(
            described.TryGetProperty("replayable", out var replayable) && replayable.ValueKind == JsonValueKind.String && replayable.ValueEquals("yes"),
            described.TryGetProperty("evaluate_changes_state", out var changes) && changes.ValueKind == JsonValueKind.True,
            Form(described));
    }

    private static CanonicalForm Form(JsonElement described)
    {
        if (!described.TryGetProperty("canonical_form", out var declared)) return CanonicalForm.Exact;
        return declared.ValueKind == JsonValueKind.String && CanonicalForm.TryFind(declared.GetString()!, out var form)
            ? form
            : throw new ContainerException($"the environment declares the canonical form {declared}; this worker knows {string.Join(", ", CanonicalForm.All.Select(known => known.Name))}");
    }
}
