using Microsoft.AspNetCore.Mvc;
using SandQueue.Gateway.Security;

namespace SandQueue.Gateway.DashboardDoor;

/// <summary><c>POST /ui/session</c>: takes a key from the page's form, and gives the browser a session for it. The key is in the body, so in no address and no log.</summary>
internal static class SignInEndpoint
{
    public const string Path = $"{DashboardRequests.Root}/sign-in";

    /// <summary>Where its form goes: the page itself takes forms of its own.</summary>
    public const string FormPath = $"{DashboardRequests.Root}/session";

    public static async Task<IResult> AnswerAsync(HttpContext context, [FromForm] string? key, [FromForm] string? to, IKeyRing keys, Sessions sessions)
    {
        var back = IsOurs(to) ? to! : DashboardRequests.Root;
        var given = key?.Trim();
        if (await keys.FindAsync(given, context.RequestAborted) is null) return Results.Redirect($"{Path}?wrong=true&to={Uri.EscapeDataString(back)}");

        sessions.End(SessionCookie.Read(context.Request));
        SessionCookie.Write(context, sessions.Begin(given ?? ""));
        return Results.Redirect(back);
    }

    /// <summary>Whoever made up the link to the sign-in page must not choose where its reader lands.</summary>
    private static bool IsOurs(string? path) =>
        path is not null && (path == DashboardRequests.Root || path.StartsWith($"{DashboardRequests.Root}/", StringComparison.Ordinal) || path.StartsWith($"{DashboardRequests.Root}?", StringComparison.Ordinal))
        && !path.Contains('\\', StringComparison.Ordinal);
}
