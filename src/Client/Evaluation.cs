using System.Text.Json;

namespace SandQueue.Client;

/// <summary>How an episode was scored.</summary>
public sealed record Evaluation
{
    /// <summary>The evaluation's command id.</summary>
    public required string CommandId { get; init; }

    /// <summary>The score, in the environment's own unit; null where its answer has no number.</summary>
    public required double? Score { get; init; }

    /// <summary>Why the episode ended; null while it goes on, and where only the number was asked for.</summary>
    public required string? EndReason { get; init; }

    /// <summary>All that the environment answered: an object with <c>score</c> and <c>provenance</c>, or the bare number for <c>sparse</c>.</summary>
    public required JsonElement Details { get; init; }
}
