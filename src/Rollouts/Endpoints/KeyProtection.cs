using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SandQueue.Hosting.Startup;

namespace SandQueue.Rollouts.Endpoints;

/// <summary>
/// Encrypts the keys of endpoints that a tenant stores (AES-256-GCM). What is stored is bound to its tenant and its name: a row that is copied to another
/// tenant, or under another name, cannot be read. Stored are a version, a nonce of 12 bytes, a tag of 16, and the encrypted key.
/// </summary>
public sealed class KeyProtection
{
    /// <summary>The file in the data folder that an embedded server makes for itself.</summary>
    public const string FileName = "rollouts.key";

    private const byte Version = 1;
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int Head = 1 + NonceBytes + TagBytes;

    private readonly byte[] _key;

    private KeyProtection(byte[] key) => _key = key;

    /// <param name="secretKey">The setting <c>Rollouts:SecretKey</c>: 32 bytes in base64.</param>
    /// <exception cref="StartupException">It is none.</exception>
    public static KeyProtection Of(string secretKey)
    {
        ArgumentNullException.ThrowIfNull(secretKey);
        var key = new byte[KeyBytes];
        return Convert.TryFromBase64String(secretKey, key, out var length) && length == KeyBytes
            ? new KeyProtection(key)
            : throw new StartupException("Rollouts:SecretKey must be 32 bytes in base64; make one with: head -c 32 /dev/urandom | base64");
    }

    /// <summary>Reads the key's file, and makes it where there is none. Nobody but its owner may read it.</summary>
    /// <param name="folder">The data folder.</param>
    /// <exception cref="StartupException">The file is none of ours, or others may read it.</exception>
    public static KeyProtection OfFile(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) Make(folder, path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
        {
            throw new StartupException($"{path} may be read by others; it decrypts stored keys: chmod 600 {path}");
        }

        var key = File.ReadAllBytes(path);
        return key.Length == KeyBytes ? new KeyProtection(key) : throw new StartupException($"{path} has {key.Length} bytes and no key of {KeyBytes}; restore it, or remove it and store the secrets again");
    }

    /// <summary>Encrypts a key.</summary>
    public byte[] Protect(string tenant, string name, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var plain = Encoding.UTF8.GetBytes(key);
        var stored = new byte[Head + plain.Length];
        stored[0] = Version;
        RandomNumberGenerator.Fill(stored.AsSpan(1, NonceBytes));
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(stored.AsSpan(1, NonceBytes), plain, stored.AsSpan(Head), stored.AsSpan(1 + NonceBytes, TagBytes), Bound(tenant, name));
        CryptographicOperations.ZeroMemory(plain);
        return stored;
    }

    /// <summary>Decrypts a key.</summary>
    /// <returns>Null where it is another tenant's or name's, was changed, or was encrypted with another key.</returns>
    public string? Unprotect(string tenant, string name, ReadOnlySpan<byte> stored)
    {
        if (stored.Length < Head || stored[0] != Version) return null;
        var plain = new byte[stored.Length - Head];
        using var cipher = new AesGcm(_key, TagBytes);
        try
        {
            cipher.Decrypt(stored.Slice(1, NonceBytes), stored[Head..], stored.Slice(1 + NonceBytes, TagBytes), plain, Bound(tenant, name));
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>With the tenant's length, so that no two pairs are the same bytes.</summary>
    private static byte[] Bound(string tenant, string name)
    {
        var (first, second) = (Encoding.UTF8.GetBytes(tenant), Encoding.UTF8.GetBytes(name));
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, first.Length);
        return [.. length, .. first, .. second];
    }

    /// <summary>Written whole and then named, because another process may make it at the same time.</summary>
    private static void Make(string folder, string path)
    {
        Directory.CreateDirectory(folder);
        var written = $"{path}.{Guid.NewGuid():n}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(written, options)) file.Write(RandomNumberGenerator.GetBytes(KeyBytes));
        try
        {
            File.Move(written, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(written);
        }
    }
}
