using System.Text.Json.Nodes;

namespace SandQueue.Environments.Episodes;

/// <summary>
/// A score. With <c>params.sparse</c> true the answer is <see cref="Score"/> alone, else <see cref="Details"/> with the
/// score in front as <c>score</c>.
/// </summary>
internal sealed record Evaluation(double Score, JsonObject Details);
