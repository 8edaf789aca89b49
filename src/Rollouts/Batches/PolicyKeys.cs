using System.Text.Json;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Rollouts.Batches;

/// <summary>The key that a rollout's policy asks its endpoint with: its own, its batch's, or a secret of its tenant.</summary>
internal sealed class PolicyKeys(IKeySealing keys, SecretDirectory secrets)
{
    /// <returns>The key, or why there is none; neither where the policy needs none.</returns>
    public async Task<(string? Key, string? Problem)> FindAsync(Batch batch, Rollout rollout, JsonElement policy, CancellationToken cancellationToken)
    {
        var sealedKey = rollout.Policy is null ? batch.SealedKey : rollout.SealedKey;
        if (sealedKey is { Length: 0 }) return (null, "the policy's key was erased when the batch closed; give it again by a retry with api_key");
        if (sealedKey is not null) return Opened(keys.Open(batch.Tenant, IKeySealing.OfBatch(batch.BatchId), sealedKey));
        if (NameOf(policy) is not { } name) return (null, null);
        return await secrets.UseAsync(batch.Tenant, name, cancellationToken) is { } secret
            ? Opened(keys.Open(batch.Tenant, name, secret.Sealed))
            : (null, $"the policy names secret '{name}', and there is none; put it by PUT /v1/secrets/{name}");
    }

    private static (string? Key, string? Problem) Opened(string? key) =>
        key is null ? (null, "the policy's key cannot be decrypted: it was stored under another key of the farm (Rollouts:SecretKey), or changed; give it again") : (key, null);

    private static string? NameOf(JsonElement policy)
    {
        if (policy.TryGetProperty("secret", out var secret) && secret.ValueKind == JsonValueKind.String) return secret.GetString();
        return policy.TryGetProperty("then", out var then) && then.ValueKind == JsonValueKind.Object ? NameOf(then) : null;
    }
}
