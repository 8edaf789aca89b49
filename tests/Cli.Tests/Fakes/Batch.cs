using System.Text.Json.Nodes;

namespace SandQueue.Cli.Tests.Fakes;

/// <summary>Batches as a gateway tells them.</summary>
internal static class Batch
{
    public const string Id = "b-1";

    public static JsonObject In(string state, int items, int completed, int failed = 0, string? pauseReason = null) => new()
    {
        ["batch_id"] = Id,
        ["name"] = null,
        ["env_type"] = "frozenlake",
        ["state"] = state,
        ["pause_reason"] = pauseReason,
        ["items"] = items,
        ["ends"] = new JsonObject { ["completed"] = completed, ["rejected"] = 0, ["expired"] = 0, ["cancelled"] = 0, ["failed"] = failed },
        ["waiting"] = items - completed - failed,
        ["running"] = 0,
        ["policy"] = new JsonObject { ["type"] = "gold" },
        ["reward"] = new JsonObject { ["mean"] = completed == 0 ? null : 0.5, ["valid"] = completed, ["trainable"] = completed },
        ["causes"] = failed == 0 ? new JsonObject() : new JsonObject { ["policy"] = failed },
    };

    public static JsonObject Report { get; } = new() { ["reward"] = new JsonObject { ["mean"] = 0.5, ["ci95"] = new JsonArray(0.25, 0.75) } };
}
