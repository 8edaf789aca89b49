using System.Text.Json;

namespace SandQueue.Client;

/// <summary>How a command ended, told afterwards: exactly one of <see cref="Answer"/> and <see cref="Failure"/> is there.</summary>
/// <param name="CommandId">The command's id.</param>
/// <param name="Kind"><c>create</c>, <c>step</c>, <c>evaluate</c> or <c>release</c>; null where that is not said.</param>
/// <param name="InstanceId">The instance; null for a create that made none.</param>
/// <param name="Answer">What the command answered, as JSON; null where it did not complete.</param>
/// <param name="Failure">Why it did not complete; null where it did.</param>
public sealed record CommandResult(string CommandId, string? Kind, string? InstanceId, JsonElement? Answer, SandQueueException? Failure) : SandQueueEvent
{
    /// <summary>The answer of a step.</summary>
    /// <exception cref="SandQueueException">The command did not complete, or was no step.</exception>
    public EpisodeStep AsStep() => Failure is null ? Answers.Step(Answer!.Value, CommandId, InstanceId) : throw Failure;
}
