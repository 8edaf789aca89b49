using System.Text.Json.Nodes;

namespace SandQueue.Client;

/// <summary>One step among many.</summary>
/// <param name="InstanceId">The instance that takes it.</param>
/// <param name="Action">The agent's message.</param>
public sealed record StepRequest(string InstanceId, AgentMessage Action)
{
    /// <inheritdoc cref="CommandOptions.CommandId"/>
    public string? CommandId { get; init; }

    /// <inheritdoc cref="StepOptions.Number"/>
    public int? Number { get; init; }

    /// <inheritdoc cref="CommandOptions.Params"/>
    public JsonObject? Params { get; init; }
}
