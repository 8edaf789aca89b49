using System.Text.Json.Nodes;

namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>
/// A score. With <c>params.sparse</c> true the answer is <see cref="Score"/> alone, else <see cref="Details"/> with the
/// score in front as <c>score</c>.
/// </summary>
/// <param name="Score">A finite number; 0 before the first step.</param>
/// <param name="Details">What the score is made of; a new object every time, to which the server adds how the episode ended.</param>
public sealed record Evaluation(double Score, JsonObject Details);
