using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.Security;

/// <summary>Lets in requests with a known bearer token, and says whose they are.</summary>
internal sealed class ApiKeyAuthentication(
    ApiKeys keys, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bearer";

    private const string Prefix = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        var key = header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? header[Prefix.Length..].Trim() : null;
        var isAdmin = keys.IsAdmin(key);
        if (keys.TenantOf(key) is not { } tenant) return Task.FromResult(AuthenticateResult.NoResult());

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, tenant.Id), new Claim(ClaimTypes.Name, tenant.Name)], SchemeName);
        if (isAdmin) identity.AddClaim(new Claim(ApiKeyServices.Admin, "yes"));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        JsonAnswer.DetailAsync(Context, StatusCodes.Status403Forbidden, "an admin key is needed here; SANDQUEUE_ADMIN_KEYS of the gateway says which are");

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = SchemeName;
        return JsonAnswer.DetailAsync(Context, StatusCodes.Status401Unauthorized, "an API key is needed: Authorization: Bearer <key>");
    }
}
