using SandQueue.Contracts;
using SandQueue.Hosting.Startup;

namespace SandQueue.Gateway.Security;

/// <summary>The keys that are let in, as hashes: the keys themselves are forgotten as soon as they are read.</summary>
internal sealed class ApiKeys
{
    private static readonly Tenant Everyone = new(Contracts.Tenants.Local, Contracts.Tenants.Local);

    private readonly ApiKey[] _keys;
    private readonly ApiKey[] _admins;

    private ApiKeys(ApiKey[] keys, ApiKey[] admins) => (_keys, _admins) = (keys, admins);

    /// <summary>The settings name none, for admins neither. Then everyone is let in, as one tenant, unless keys were issued.</summary>
    public bool IsEmpty => _keys.Length == 0;

    /// <param name="keys">Keys separated by commas, or nothing.</param>
    /// <param name="admins">Those that may change the farm itself as well. Where they alone are set nobody else is let in until a key is issued; where neither is, everyone may.</param>
    /// <exception cref="Hosting.Startup.StartupException">An entry is no key.</exception>
    public static ApiKeys Read(string? keys, string? admins = null)
    {
        var (some, others) = (ApiKey.ReadAll("SANDQUEUE_API_KEYS", keys), ApiKey.ReadAll("SANDQUEUE_ADMIN_KEYS", admins));
        return new ApiKeys([.. some, .. others], others);
    }

    /// <summary>The ids of the tenants that have keys here; the one that everyone is where there are none.</summary>
    public IEnumerable<string> Tenants => IsEmpty ? [Everyone.Id] : _keys.Select(key => key.Tenant.Id).Distinct(StringComparer.Ordinal);

    /// <summary>The tenant a key belongs to; null where it is not let in. Takes the same time for every key.</summary>
    public Tenant? TenantOf(string? key)
    {
        if (IsEmpty) return Everyone;
        return key is null ? null : Find(_keys, key)?.Tenant;
    }

    /// <summary>Whether a key may change the farm itself.</summary>
    public bool IsAdmin(string? key) => IsEmpty || (key is not null && Find(_admins, key) is not null);

    private static ApiKey? Find(ApiKey[] keys, string key)
    {
        var hash = ApiKey.Hash(key);
        ApiKey? found = null;
        foreach (var candidate in keys)
        {
            if (candidate.Has(hash)) found ??= candidate;
        }

        return found;
    }
}
