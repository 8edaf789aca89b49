using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Security;

/// <summary>
/// A key that SandQueue makes: <c>sq_ID_SECRET</c>. The id is public and finds the key's row, so that only the hash of the whole
/// is compared, in constant time; the secret has 256 random bits. The prefix lets scanners find keys that were published.
/// </summary>
internal static partial class IssuedKey
{
    /// <param name="tenant">Whose it is.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="scope">What it may be used for.</param>
    /// <param name="now">When it is made.</param>
    /// <param name="lifetime">How long it is let in; null for good.</param>
    /// <returns>Its row, and the key itself, which nobody can read again.</returns>
    public static (StoredKey Row, string Key) Make(string tenant, string name, KeyScope scope, DateTimeOffset now, TimeSpan? lifetime)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var key = $"sq_{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
        var row = new StoredKey
        {
            Id = id,
            Tenant = tenant,
            Name = name,
            Hash = ApiKey.Hash(key),
            Scope = scope,
            CreatedAt = now.ToUnixTimeMilliseconds(),
            ExpiresAt = lifetime is { } after ? (now + after).ToUnixTimeMilliseconds() : null,
        };
        return (row, key);
    }

    /// <summary>The id of a key of this form; null where it has another.</summary>
    public static string? IdOf(string key) => Form().Match(key) is { Success: true } match ? match.Groups["id"].Value : null;

    [GeneratedRegex(@"^sq_(?<id>[0-9a-f]{16})_[A-Za-z0-9_-]{43}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
