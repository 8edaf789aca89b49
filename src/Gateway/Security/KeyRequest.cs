using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Security;

/// <summary>A key that is asked for, by whatever route or on the command line; its members are checked here for all.</summary>
/// <param name="Tenant">Whose it is to be.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Scope">What it may be used for.</param>
/// <param name="Lifetime">How long it is let in; null for good.</param>
internal sealed record KeyRequest(string Tenant, string Name, KeyScope Scope, TimeSpan? Lifetime)
{
    private const int LongestName = 100;
    private const int MostDays = 3650;

    /// <param name="tenant">1 to 64 letters, digits, '.', '_' or '-'.</param>
    /// <param name="name">Null for a key without one.</param>
    /// <param name="scope">Null for <c>use</c>.</param>
    /// <param name="days">Null for no end.</param>
    /// <param name="refusal">Makes what is thrown of the line that says what is wrong.</param>
    public static KeyRequest Of(string tenant, string? name, string? scope, int? days, Func<string, Exception> refusal)
    {
        if (!Security.Tenant.IsName(tenant)) throw refusal("a tenant's name has 1 to 64 letters, digits, '.', '_' or '-'");
        if (name is { Length: > LongestName } || name?.Any(char.IsControl) == true) throw refusal($"a key's name has at most {LongestName} characters, and no control characters");
        if (days is < 1 or > MostDays) throw refusal($"a key is good for 1 to {MostDays} days, not {days}");
        var meant = KeyScopes.Find(scope ?? KeyScopes.Name(KeyScope.Use)) ?? throw refusal($"there is no scope '{scope}'; there is use, read and admin");
        return new KeyRequest(tenant, name ?? "", meant, days is { } some ? TimeSpan.FromDays(some) : null);
    }
}
