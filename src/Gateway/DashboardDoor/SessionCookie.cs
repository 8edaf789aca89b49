namespace SandQueue.Gateway.DashboardDoor;

/// <summary>The cookie of a browser that has signed in. Scripts cannot read it, and no other site's page makes a browser send it.</summary>
internal static class SessionCookie
{
    /// <summary>The claim that names the session of a user.</summary>
    public const string Claim = "session";

    private const string Name = "sandqueue_session";

    public static string? Read(HttpRequest request) => request.Cookies[Name];

    public static void Write(HttpContext context, string id) => context.Response.Cookies.Append(Name, id, Options(context.Request));

    public static void Remove(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context.Request));

    /// <summary>Over plain HTTP, as on loopback, a browser would drop a cookie that is <c>Secure</c>.</summary>
    private static CookieOptions Options(HttpRequest request) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = request.IsHttps, Path = "/", IsEssential = true };
}
