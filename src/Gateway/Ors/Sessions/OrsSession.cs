using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.Ors.Sessions;

/// <summary>
/// A session is named in the header <c>X-Session-ID</c>. Its id is the name of its instance and the id of the command that makes it, and nothing else is known of it: any gateway
/// serves it, and to other tenants it does not exist.
/// </summary>
internal static class OrsSession
{
    public const string Header = "X-Session-ID";

    /// <summary>An id is the name of an instance, which the database keeps.</summary>
    private const int Longest = 200;

    /// <summary>An id that nobody guesses.</summary>
    public static string NewId() => $"ors-{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16))}";

    /// <exception cref="BadRequestException">The request names no session, or none that could be.</exception>
    public static string IdOf(HttpRequest request) => request.Headers[Header] switch
    {
        [{ Length: > Longest }] => throw new BadRequestException($"{Header} must have at most {Longest} characters"),
        [var id] when !string.IsNullOrWhiteSpace(id) => id.Trim(),
        _ => throw new BadRequestException($"the header {Header} is required, once: POST /create_session gives an id"),
    };
}
