using System.Security.Claims;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Security;

/// <summary>What a key lets its bearer do, as the claims that the policies of the routes ask for.</summary>
internal static class AccessIdentity
{
    /// <param name="access">Whose and how much.</param>
    /// <param name="scheme">The scheme that found it out.</param>
    /// <param name="others">Claims besides.</param>
    public static ClaimsIdentity Of(Access access, string scheme, params IEnumerable<Claim> others)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, access.Tenant.Id), new Claim(ClaimTypes.Name, access.Tenant.Name), .. others], scheme);
        if (access.Scope is KeyScope.Use or KeyScope.Admin) identity.AddClaim(new Claim(ApiKeyServices.Use, "yes"));
        if (access.Scope is KeyScope.Admin) identity.AddClaim(new Claim(ApiKeyServices.Admin, "yes"));
        return identity;
    }
}
