using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.Security;

/// <summary>Lets in requests with a known API key, and says whose they are and what they may do.</summary>
internal sealed class ApiKeyAuthentication(
    IKeyRing keys, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bearer";

    /// <summary>What is made of a tenant and a scope is the same for every request, and nobody changes it: one for each, as many as there are tenants with keys.</summary>
    private static readonly ConcurrentDictionary<Access, AuthenticateResult> Results = new();

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (await keys.FindAsync(RequestKey.Of(Request), Context.RequestAborted) is not { } access) return AuthenticateResult.NoResult();

        return Results.GetOrAdd(access, Success);
    }

    private static AuthenticateResult Success(Access access) =>
        AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(AccessIdentity.Of(access, SchemeName)), SchemeName));

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => JsonAnswer.DetailAsync(
        Context,
        StatusCodes.Status403Forbidden,
        Context.User.HasClaim(claim => claim.Type == ApiKeyServices.Use)
            ? "an admin key is needed here: one of SANDQUEUE_ADMIN_KEYS of the gateway, or one issued with the scope admin"
            : "this key may only read: tasks, information, recorded episodes");

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = SchemeName;
        return JsonAnswer.DetailAsync(Context, StatusCodes.Status401Unauthorized, "an API key is needed: Authorization: Bearer <key>");
    }
}
