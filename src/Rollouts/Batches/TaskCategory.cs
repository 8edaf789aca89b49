using System.Text.Json;

namespace SandQueue.Rollouts.Batches;

/// <summary>The category of a rollout's task, where its environment says one: nothing is derived from a task's id.</summary>
internal static class TaskCategory
{
    /// <param name="result">A rollout's result as it is stored.</param>
    /// <returns>What the evaluation calls <c>category</c>, or as BFCL does <c>test_category</c>; else the provenance's <c>category</c>; null where there is none.</returns>
    public static string? Of(JsonElement result) =>
        Text(result, "evaluation", "category") ?? Text(result, "evaluation", "test_category") ?? Text(result, "provenance", "category");

    private static string? Text(JsonElement result, string owner, string name) =>
        result.ValueKind == JsonValueKind.Object && result.TryGetProperty(owner, out var known) && known.ValueKind == JsonValueKind.Object
        && known.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
