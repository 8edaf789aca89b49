using System.ComponentModel;
using SandQueue.Gateway.Security;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.RestV1.Answers;

[Description("An issued key: everything but the key itself, of which only a hash is kept")]
internal sealed record KeyView(
    string Id,
    string Tenant,
    string Name,
    [property: Description("use, read or admin")] string Scope,
    DateTimeOffset CreatedAt,
    [property: Description("Until when it is good; null for no end")] DateTimeOffset? ExpiresAt,
    [property: Description("Null while it is good")] DateTimeOffset? RevokedAt)
{
    public static KeyView Of(StoredKey key) => new(
        key.Id,
        key.Tenant,
        key.Name,
        KeyScopes.Name(key.Scope),
        RestJson.Time(key.CreatedAt),
        key.ExpiresAt is { } end ? RestJson.Time(end) : null,
        key.RevokedAt is { } revoked ? RestJson.Time(revoked) : null);
}

internal sealed record KeyList([property: Description("Those of a tenant together, the oldest first")] IReadOnlyList<KeyView> Keys);

internal sealed record IssuedKeyView(
    string Id,
    string Tenant,
    string Name,
    string Scope,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    [property: Description("The key, told this once")] string Key)
{
    public static IssuedKeyView Of(StoredKey row, string key)
    {
        var view = KeyView.Of(row);
        return new IssuedKeyView(view.Id, view.Tenant, view.Name, view.Scope, view.CreatedAt, view.ExpiresAt, key);
    }
}

internal sealed record RevokedKey(string Id, bool Revoked);
