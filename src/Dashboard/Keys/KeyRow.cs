namespace SandQueue.Dashboard.Keys;

internal sealed record KeyRows(IReadOnlyList<KeyRow> Keys);

internal sealed record KeyRow(string Id, string Tenant, string Name, string Scope, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt)
{
    public string StateAt(DateTimeOffset now) => RevokedAt is not null ? "revoked" : ExpiresAt <= now ? "expired" : "good";
}

internal sealed record IssuedKey(string Id, string Tenant, string Key);

internal sealed record TenantRows(IReadOnlyList<TenantRow> Tenants);

internal sealed record TenantRow(string Tenant, int LiveInstances, int IssuedKeys, TenantLimits Limits);

internal sealed record TenantLimits(int LiveInstances, int CommandsAtOnce, int StepsPerSecond, int CreatesAtOnce, long JournalBytes);
