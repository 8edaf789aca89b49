using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.DashboardDoor;

/// <summary>
/// Which requests are the dashboard's, and what each of them is answered with besides: the headers that keep a page whole, whatever text an agent wrote into it. All other
/// requests pass untouched.
/// </summary>
internal static class DashboardRequests
{
    public const string Root = "/ui";

    /// <summary>
    /// Scripts come from here alone, never from within a page. The component library places and colours with style attributes and with one style element for its theme, so
    /// styles may be inline: a style runs nothing and, with everything else from here alone, asks nobody.
    /// </summary>
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private static readonly string[] Roots = [Root, "/_blazor", "/_framework", "/_content"];

    public static void UseDashboardRequests(this IApplicationBuilder app) => app.Use(next => context =>
    {
        var path = context.Request.Path;
        if (path.Value is { Length: <= 1 }) return HttpMethods.IsGet(context.Request.Method) && WantsPage(context.Request) ? LeadIn(context) : next(context);
        if (!Roots.Any(root => path.StartsWithSegments(root, StringComparison.Ordinal))) return next(context);
        WriteHeaders(context.Response.Headers, isPage: path.StartsWithSegments(Root, StringComparison.Ordinal));
        return IsOfAnotherPage(context.Request) ? JsonAnswer.DetailAsync(context, StatusCodes.Status403Forbidden, "a page of another address may not use the dashboard") : next(context);
    });

    /// <summary>Browsers ask for pages by name; programs ask for anything, or for JSON.</summary>
    public static bool WantsPage(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static Task LeadIn(HttpContext context)
    {
        context.Response.Headers.Vary = "Accept";
        context.Response.Redirect(Root);
        return Task.CompletedTask;
    }

    private static void WriteHeaders(IHeaderDictionary headers, bool isPage)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // Without any, a browser would hide from us which page a form is of.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (isPage) headers.CacheControl = "no-store";
    }

    /// <summary>A browser says which page a form or a socket is of. Cookies tell sites apart, but not two ports of one machine.</summary>
    private static bool IsOfAnotherPage(HttpRequest request) =>
        request.Headers.Origin.ToString() is { Length: > 0 } origin
        && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority.Equals(AuthorityOf(request, page), StringComparison.OrdinalIgnoreCase));

    /// <summary>Without the port where it is the usual one, as <see cref="Uri.Authority"/> has it.</summary>
    private static string AuthorityOf(HttpRequest request, Uri page) => Uri.TryCreate($"{page.Scheme}://{request.Host}", UriKind.Absolute, out var own) ? own.Authority : "";
}
