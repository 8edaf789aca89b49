using System.Security.Cryptography;
using System.Text;

namespace SandQueue.Rollouts.Batches;

/// <summary>Encrypts with a key that this process alone has and that ends with it (AES-256-GCM).</summary>
internal sealed class SessionKeySealing : IKeySealing
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public byte[] Seal(string key)
    {
        var plain = Encoding.UTF8.GetBytes(key);
        var sealedKey = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(sealedKey.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(sealedKey.AsSpan(0, NonceBytes), plain, sealedKey.AsSpan(NonceBytes + TagBytes), sealedKey.AsSpan(NonceBytes, TagBytes));
        return sealedKey;
    }

    public string Open(byte[] sealedKey)
    {
        if (sealedKey.Length < NonceBytes + TagBytes) throw new CryptographicException("too short");
        var plain = new byte[sealedKey.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Decrypt(sealedKey.AsSpan(0, NonceBytes), sealedKey.AsSpan(NonceBytes + TagBytes), sealedKey.AsSpan(NonceBytes, TagBytes), plain);
        return Encoding.UTF8.GetString(plain);
    }
}
