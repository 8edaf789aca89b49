using System.Net;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.Security;

/// <summary>
/// A gateway without keys lets in everyone on this machine, and a browser on this machine runs the pages of strangers. So in that mode
/// a request must name this machine in <c>Host</c> (a stranger's name may resolve to loopback: DNS rebinding), and must not come from a
/// page of another site (a browser sends <c>text/plain</c> across sites without asking).
/// </summary>
internal static class LoopbackRequests
{
    public static void UseLoopbackRequestsOnly(this IApplicationBuilder app, IKeyRing keys) => app.Use(next => context =>
        keys.IsOpen && Problem(context.Request.Headers) is { } problem ? JsonAnswer.DetailAsync(context, StatusCodes.Status403Forbidden, problem) : next(context));

    /// <returns>Why the request is refused; null where it is let in.</returns>
    internal static string? Problem(IHeaderDictionary headers)
    {
        if (!headers.Host.All(IsLoopback)) return $"without API keys only this machine is let in, and Host is '{headers.Host}'; call 127.0.0.1 or localhost, or set SANDQUEUE_API_KEYS";
        if (!headers.Origin.All(IsOfLoopback)) return $"a page of {headers.Origin} may not call SandQueue without an API key; set SANDQUEUE_API_KEYS";
        return headers["Sec-Fetch-Site"] == "cross-site" ? "a page of another site may not call SandQueue without an API key; set SANDQUEUE_API_KEYS" : null;
    }

    /// <summary>Programs that speak HTTP/1.0 send none; browsers always do.</summary>
    private static bool IsLoopback(string? host) => string.IsNullOrEmpty(host) || IsLoopbackName(new HostString(host).Host);

    private static bool IsOfLoopback(string? origin) => Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsLoopbackName(page.Host);

    private static bool IsLoopbackName(string name) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
}
