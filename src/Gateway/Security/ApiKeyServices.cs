using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace SandQueue.Gateway.Security;

internal static class ApiKeyServices
{
    /// <summary>The policy of routes that change the farm itself.</summary>
    public const string Admin = "admin";

    /// <summary>Every route needs a key unless it says otherwise.</summary>
    public static void AddApiKeys(this IServiceCollection services, ApiKeys keys)
    {
        services.AddSingleton(keys);

        // AddAuthentication would also set up data protection, which writes key files that nothing here needs.
        services.AddAuthenticationCore(authentication => authentication.DefaultScheme = ApiKeyAuthentication.SchemeName);
        services.AddWebEncoders();
        new AuthenticationBuilder(services)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, configureOptions: null);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy(Admin, policy => policy.RequireClaim(Admin));
    }

    /// <summary>Whose request it is.</summary>
    public static string Tenant(this HttpContext context) => context.User.FindFirstValue(ClaimTypes.NameIdentifier)!;
}
