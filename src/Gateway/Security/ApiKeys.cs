using System.Security.Cryptography;
using System.Text;
using SandQueue.Contracts;

namespace SandQueue.Gateway.Security;

/// <summary>The keys that are let in, as hashes: the keys themselves are forgotten as soon as they are read.</summary>
internal sealed class ApiKeys
{
    private readonly byte[][] _hashes;

    private ApiKeys(byte[][] hashes) => _hashes = hashes;

    public bool IsEmpty => _hashes.Length == 0;

    /// <param name="keys">Keys separated by commas, or nothing.</param>
    public static ApiKeys Read(string? keys) => new(
        [.. (keys ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Hash)]);

    /// <summary>Who a key belongs to; null where it is not let in. Takes the same time for every key.</summary>
    public string? CallerOf(string? key)
    {
        if (IsEmpty) return Callers.Local;
        if (key is null) return null;

        var hash = Hash(key);
        var known = false;
        foreach (var candidate in _hashes) known |= CryptographicOperations.FixedTimeEquals(candidate, hash);
        return known ? Convert.ToHexStringLower(hash.AsSpan(0, 8)) : null;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
