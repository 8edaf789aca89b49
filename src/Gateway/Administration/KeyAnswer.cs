using System.Globalization;
using System.Text.Json.Nodes;
using SandQueue.Gateway.Security;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Administration;

/// <summary>An issued key as people and programs see it: everything but the key and its hash.</summary>
internal static class KeyAnswer
{
    public static JsonObject Of(StoredKey key) => new()
    {
        ["id"] = key.Id,
        ["tenant"] = key.Tenant,
        ["name"] = key.Name,
        ["scope"] = KeyScopes.Name(key.Scope),
        ["created_at"] = Moment(key.CreatedAt),
        ["expires_at"] = Moment(key.ExpiresAt),
        ["revoked_at"] = Moment(key.RevokedAt),
    };

    /// <summary>A line of the list that a terminal shows.</summary>
    public static string Line(StoredKey key, DateTimeOffset now)
    {
        var state = key switch
        {
            { RevokedAt: { } revoked } => $"revoked {Moment(revoked)}",
            { ExpiresAt: { } end } when end <= now.ToUnixTimeMilliseconds() => $"expired {Moment(end)}",
            { ExpiresAt: { } end } => $"until {Moment(end)}",
            _ => "no end",
        };
        return $"{key.Id}  {key.Tenant,-20}  {KeyScopes.Name(key.Scope),-5}  {Moment(key.CreatedAt)}  {state,-28}  {key.Name}";
    }

    private static string? Moment(long? milliseconds) =>
        milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : null;
}
