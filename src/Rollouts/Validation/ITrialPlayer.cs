using System.Text.Json;

namespace SandQueue.Rollouts.Validation;

/// <summary>Decides the actions of one play.</summary>
internal interface ITrialPlayer
{
    /// <summary>The score that its actions are said to reach; null where nothing is said.</summary>
    double? Maximum => null;

    /// <summary>The next action, the bytes of an assistant's message; null where it plays no further.</summary>
    /// <param name="instanceId">The instance that is played.</param>
    /// <param name="tools">The functions that the environment offers, in OpenAI's form.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="Policies.PolicyException">It cannot decide.</exception>
    Task<byte[]?> NextAsync(string instanceId, JsonElement tools, CancellationToken cancellationToken);
}
