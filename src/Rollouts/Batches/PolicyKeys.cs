using System.Security.Cryptography;
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
        try
        {
            if (rollout.Policy is null && batch.SealedKey is { } shared) return (keys.Open(shared), null);
            if (rollout.SealedKey is { } own) return (keys.Open(own), null);
            if (NameOf(policy) is not { } name) return (null, null);
            return await secrets.FindAsync(batch.Tenant, name, cancellationToken) is { } secret
                ? (keys.Open(secret.Sealed), null)
                : (null, $"the policy names secret '{name}', and there is none; put it by PUT /v1/secrets/{name}");
        }
        catch (CryptographicException)
        {
            return (null, "the policy's key cannot be decrypted on this machine: it was stored under another key of the farm; give it again");
        }
    }

    private static string? NameOf(JsonElement policy)
    {
        if (policy.TryGetProperty("secret", out var secret) && secret.ValueKind == JsonValueKind.String) return secret.GetString();
        return policy.TryGetProperty("then", out var then) && then.ValueKind == JsonValueKind.Object ? NameOf(then) : null;
    }
}
