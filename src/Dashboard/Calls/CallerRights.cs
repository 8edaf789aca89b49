using System.Security.Claims;

namespace SandQueue.Dashboard.Calls;

/// <summary>What a page offers to who is signed in. It decides nothing: the gateway does.</summary>
internal static class CallerRights
{
    public static bool MayUse(this ClaimsPrincipal user) => user.HasClaim(claim => claim.Type == "use");

    public static bool IsAdmin(this ClaimsPrincipal user) => user.HasClaim(claim => claim.Type == "admin");

    /// <summary>Whether there is a session to end: a gateway without keys has none.</summary>
    public static bool HasSession(this ClaimsPrincipal user) => user.HasClaim(claim => claim.Type == "session");

    public static string TenantName(this ClaimsPrincipal user) => user.Identity?.Name ?? "";
}
