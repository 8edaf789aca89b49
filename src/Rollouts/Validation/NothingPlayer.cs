using System.Text.Json;

namespace SandQueue.Rollouts.Validation;

/// <summary>Takes no step.</summary>
internal sealed class NothingPlayer : ITrialPlayer
{
    public Task<byte[]?> NextAsync(string instanceId, JsonElement tools, CancellationToken cancellationToken) => Task.FromResult<byte[]?>(null);
}
