using System.Security.Cryptography;
using System.Text;
using SandQueue.Hosting.Startup;

namespace SandQueue.Gateway.Security;

/// <summary>A key that is let in, as its hash, and the tenant it belongs to.</summary>
internal sealed class ApiKey
{
    private readonly byte[] _hash;

    private ApiKey(byte[] hash, Tenant tenant) => (_hash, Tenant) = (hash, tenant);

    public Tenant Tenant { get; }

    /// <summary>
    /// Reads keys separated by commas. Each is <c>tenant=key</c>, or a bare key, whose tenant's id is made of the key's hash. A bare key
    /// may end in equals signs, as Base64 does; one with an equals sign within is written <c>=key</c>.
    /// </summary>
    /// <param name="setting">The setting's name, for the error.</param>
    /// <param name="keys">Its value, or nothing.</param>
    /// <exception cref="StartupException">A tenant has no name that can be one.</exception>
    public static ApiKey[] ReadAll(string setting, string? keys) =>
        [.. (keys ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select((entry, index) => Read(setting, index + 1, entry))];

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Takes the same time whatever the hash is.</summary>
    public bool Has(byte[] hash) => CryptographicOperations.FixedTimeEquals(_hash, hash);

    private static ApiKey Read(string setting, int number, string entry)
    {
        var split = entry.IndexOf('=', StringComparison.Ordinal);
        var key = split < 0 ? "" : entry[(split + 1)..].Trim();
        if (key.AsSpan().Trim('=').IsEmpty)
        {
            // A variable that was not set leaves such an entry behind: as a bare key anybody could guess it.
            return split < 0 || IsPaddedBase64(entry) ? Bare(entry) : throw new StartupException($"entry {number} of {setting} has no key behind its equals sign; is a variable in it not set?");
        }

        if (split == 0) return Bare(key);

        var name = entry[..split].Trim();
        return Tenant.IsName(name)
            ? new ApiKey(Hash(key), new Tenant(name, name))
            : throw new StartupException(
                $"entry {number} of {setting} is no tenant=key: a tenant's name has 1 to 64 letters, digits, '.', '_' or '-'; write a bare key with an equals sign in it as =key");
    }

    private static bool IsPaddedBase64(string entry) => entry.Length >= 12 && Convert.TryFromBase64String(entry, new byte[entry.Length], out _);

    private static ApiKey Bare(string key)
    {
        var hash = Hash(key);
        var id = Convert.ToHexStringLower(hash.AsSpan(0, 8));
        return new ApiKey(hash, new Tenant(id, id));
    }
}
