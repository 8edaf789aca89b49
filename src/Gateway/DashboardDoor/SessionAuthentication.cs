using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;

namespace SandQueue.Gateway.DashboardDoor;

/// <summary>Lets in browsers that have signed in, and without any key those of a gateway that has none.</summary>
internal sealed class SessionAuthentication(
    SessionAccess sessions, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var id = SessionCookie.Read(Request);
        if (await sessions.FindAsync(id, Context.RequestAborted) is not { } access) return AuthenticateResult.NoResult();
        var identity = AccessIdentity.Of(access, SchemeName, id is null ? [] : [new Claim(SessionCookie.Claim, id)]);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    /// <summary>A person is led to the page that asks for a key, and back.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!HttpMethods.IsGet(Request.Method) || !DashboardRequests.WantsPage(Request)) return JsonAnswer.DetailAsync(Context, StatusCodes.Status401Unauthorized, "sign in at /ui/sign-in first");
        Response.Redirect($"{SignInEndpoint.Path}?to={Uri.EscapeDataString(Request.Path + Request.QueryString)}");
        return Task.CompletedTask;
    }
}
