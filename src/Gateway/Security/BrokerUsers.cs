using SandQueue.Hosting.Startup;

namespace SandQueue.Gateway.Security;

/// <summary>The users of the broker whose messages need no API key, each with the tenant that they belong to.</summary>
internal sealed class BrokerUsers
{
    private const string Setting = "Gateway:AmqpUsers";

    private readonly Dictionary<string, Tenant> _tenants;

    private BrokerUsers(Dictionary<string, Tenant> tenants) => _tenants = tenants;

    public bool IsEmpty => _tenants.Count == 0;

    /// <param name="users">Entries <c>user=tenant</c> separated by commas, or nothing.</param>
    /// <exception cref="StartupException">An entry has another form, or a user is named twice.</exception>
    public static BrokerUsers Read(string? users)
    {
        var tenants = new Dictionary<string, Tenant>(StringComparer.Ordinal);
        foreach (var entry in (users ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // A user's name may have an equals sign in it, a tenant's may not.
            var split = entry.LastIndexOf('=');
            if (split < 1 || !Tenant.IsName(entry[(split + 1)..]))
            {
                throw new StartupException($"'{entry}' in {Setting} is no user=tenant: a tenant's name has 1 to 64 letters, digits, '.', '_' or '-'");
            }

            var (user, tenant) = (entry[..split], entry[(split + 1)..]);
            if (!tenants.TryAdd(user, new Tenant(tenant, tenant))) throw new StartupException($"user '{user}' is in {Setting} twice");
        }

        return new BrokerUsers(tenants);
    }

    /// <summary>The tenant of a user; null where it is not named.</summary>
    public Tenant? TenantOf(string user) => _tenants.GetValueOrDefault(user);
}
