using System.Text;

namespace SandQueue.Gateway.Security;

/// <summary>
/// Finds the API key of a request. Every door takes it in <c>Authorization</c>, as a bearer token or as the password of HTTP's basic authentication (which clients send
/// that know nothing but an address: <c>http://key:SECRET@host</c>), and in <c>X-API-Key</c>.
/// </summary>
internal static class RequestKey
{
    /// <summary>The parameter of a query that has the key, where a door takes it there.</summary>
    public const string Parameter = "api_key";

    private const string Header = "X-API-Key";
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    /// <summary>The key; null where the request has none.</summary>
    public static string? Of(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return authorization[Bearer.Length..].Trim();
        if (authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) return Password(authorization[Basic.Length..].Trim());
        if (request.Headers.TryGetValue(Header, out var keys)) return keys.ToString();
        return TakesParameter(request) && request.Query.TryGetValue(Parameter, out var asked) ? asked.ToString() : null;
    }

    /// <summary>
    /// Addresses end up in logs, so a key belongs into a header. A client of OpenEnv has no field for one; what it asks for is the only place.
    /// </summary>
    private static bool TakesParameter(HttpRequest request) => request.Path.StartsWithSegments("/openenv", StringComparison.OrdinalIgnoreCase);

    private static string? Password(string credentials)
    {
        var decoded = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, decoded, out var length)) return null;
        var pair = Encoding.UTF8.GetString(decoded, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : pair[(colon + 1)..];
    }
}
