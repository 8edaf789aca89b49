using System.Text;

namespace SandQueue.Gateway.Security;

/// <summary>
/// Finds the API key of a request. Every door takes it in <c>Authorization</c>, as a bearer token, and in <c>X-API-Key</c>. A client of OpenEnv has no field for one, so that what it is told
/// as the address is the only place: there it may be the password of HTTP's basic authentication (<c>http://key:SECRET@host</c>) or a parameter.
/// </summary>
internal static class RequestKey
{
    /// <summary>Addresses end up in logs, so this is the last place of all.</summary>
    private const string Parameter = "api_key";

    private const string Header = "X-API-Key";
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    /// <summary>The key; null where the request has none.</summary>
    public static string? Of(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return authorization[Bearer.Length..].Trim();
        if (request.Headers.TryGetValue(Header, out var keys)) return keys.ToString();
        if (!IsForOpenEnv(request)) return null;
        if (authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) return Password(authorization[Basic.Length..].Trim());
        return request.Query.TryGetValue(Parameter, out var asked) ? asked.ToString() : null;
    }

    private static bool IsForOpenEnv(HttpRequest request) => request.Path.StartsWithSegments("/openenv", StringComparison.OrdinalIgnoreCase);

    private static string? Password(string credentials)
    {
        var decoded = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, decoded, out var length)) return null;
        var pair = Encoding.UTF8.GetString(decoded, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : pair[(colon + 1)..];
    }
}
