using System.Security.Cryptography;
using System.Text;
using SandQueue.Contracts;

namespace SandQueue.Gateway.Security;

/// <summary>The keys that are let in, as hashes: the keys themselves are forgotten as soon as they are read.</summary>
internal sealed class ApiKeys
{
    private readonly byte[][] _callers;
    private readonly byte[][] _admins;

    private ApiKeys(byte[][] callers, byte[][] admins) => (_callers, _admins) = (callers, admins);

    /// <summary>Everyone is let in, as one caller.</summary>
    public bool IsEmpty => _callers.Length == 0;

    /// <param name="callers">Keys separated by commas, or nothing.</param>
    /// <param name="admins">Those that may change the farm itself as well; nothing leaves that to who needs no key.</param>
    public static ApiKeys Read(string? callers, string? admins = null)
    {
        var (some, others) = (Hashes(callers), Hashes(admins));
        return new ApiKeys(some.Length == 0 ? some : [.. some, .. others], others);
    }

    /// <summary>Who a key belongs to; null where it is not let in. Takes the same time for every key.</summary>
    public string? TenantOf(string? key)
    {
        if (IsEmpty) return Tenants.Local;
        if (key is null) return null;

        var hash = Hash(key);
        return IsAmong(_callers, hash) ? Convert.ToHexStringLower(hash.AsSpan(0, 8)) : null;
    }

    /// <summary>Whether a key may change the farm itself.</summary>
    public bool IsAdmin(string? key) => _admins.Length == 0 ? IsEmpty : key is not null && IsAmong(_admins, Hash(key));

    private static bool IsAmong(byte[][] hashes, byte[] hash)
    {
        var known = false;
        foreach (var candidate in hashes) known |= CryptographicOperations.FixedTimeEquals(candidate, hash);
        return known;
    }

    private static byte[][] Hashes(string? keys) =>
        [.. (keys ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Hash)];

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
