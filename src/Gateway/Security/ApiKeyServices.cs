using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace SandQueue.Gateway.Security;

internal static class ApiKeyServices
{
    /// <summary>The policy of routes that change the farm itself.</summary>
    public const string Admin = "admin";

    /// <summary>The policy of routes that change nothing; a key of any scope is let in.</summary>
    public const string Read = "read";

    /// <summary>What a key needs for every other route.</summary>
    internal const string Use = "use";

    /// <summary>Every route needs a key that may change something, unless it says otherwise.</summary>
    public static void AddApiKeys(this IServiceCollection services, ApiKeys keys)
    {
        services.AddSingleton(keys);
        services.AddSingleton<KeyRing>();
        services.AddSingleton<IKeyRing>(provider => provider.GetRequiredService<KeyRing>());

        // AddAuthentication would also set up data protection, which writes key files that nothing here needs.
        services.AddAuthenticationCore(authentication => authentication.DefaultScheme = ApiKeyAuthentication.SchemeName);
        services.AddWebEncoders();
        new AuthenticationBuilder(services)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, configureOptions: null);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireClaim(Use).Build())
            .AddPolicy(Use, policy => policy.RequireAuthenticatedUser().RequireClaim(Use))
            .AddPolicy(Read, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(Admin, policy => policy.RequireClaim(Admin));
    }

    /// <summary>Whose request it is.</summary>
    public static string Tenant(this HttpContext context) => context.User.FindFirstValue(ClaimTypes.NameIdentifier)!;
}
