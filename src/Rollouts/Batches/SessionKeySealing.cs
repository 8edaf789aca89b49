using System.Security.Cryptography;
using System.Text;

namespace SandQueue.Rollouts.Batches;

/// <summary>Encrypts with a key that this process alone has and that ends with it (AES-256-GCM).</summary>
internal sealed class SessionKeySealing : IKeySealing
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public byte[] Seal(string tenant, string name, string key)
    {
        var plain = Encoding.UTF8.GetBytes(key);
        var sealedKey = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(sealedKey.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(sealedKey.AsSpan(0, NonceBytes), plain, sealedKey.AsSpan(NonceBytes + TagBytes), sealedKey.AsSpan(NonceBytes, TagBytes), Bound(tenant, name));
        return sealedKey;
    }

    public string? Open(string tenant, string name, byte[] sealedKey)
    {
        if (sealedKey.Length < NonceBytes + TagBytes) return null;
        var plain = new byte[sealedKey.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(_key, TagBytes);
        try
        {
            cipher.Decrypt(sealedKey.AsSpan(0, NonceBytes), sealedKey.AsSpan(NonceBytes + TagBytes), sealedKey.AsSpan(NonceBytes, TagBytes), plain, Bound(tenant, name));
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>Neither has NUL in it.</summary>
    private static byte[] Bound(string tenant, string name) => Encoding.UTF8.GetBytes($"{tenant}\0{name}");
}
