using SandQueue.Rollouts.Endpoints;

namespace SandQueue.Rollouts.Batches;

/// <summary>Encrypts with the key that the processes of a farm share, or that an embedded program keeps in its data folder.</summary>
/// <param name="protection">The key.</param>
public sealed class ProtectedKeys(KeyProtection protection) : IKeySealing
{
    public byte[] Seal(string tenant, string name, string key) => protection.Protect(tenant, name, key);

    public string? Open(string tenant, string name, byte[] sealedKey) => protection.Unprotect(tenant, name, sealedKey);
}
