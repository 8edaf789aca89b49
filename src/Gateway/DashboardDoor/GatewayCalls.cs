using System.Security.Claims;
using SandQueue.Dashboard.Calls;
using SandQueue.Gateway.Security;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.DashboardDoor;

/// <summary>Executes the dashboard's calls, each on behalf of who is signed in at that moment.</summary>
internal sealed class GatewayCalls(InProcessRequests requests, SessionAccess sessions, Sessions signedIn) : IGatewayCalls
{
    private static readonly byte[] SignedOut = [.. """{"code":"unauthenticated","detail":"you are signed out: the key is good no more, or the gateway was started anew"}"""u8];

    public async Task<CallAnswer> SendAsync(ClaimsPrincipal caller, GatewayCall call, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(SessionOf(caller), cancellationToken) is not { } access) return new CallAnswer(StatusCodes.Status401Unauthorized, SignedOut);

        // An admin may issue a key for any tenant, so this opens nothing that is closed to one.
        if (call.Tenant is { } other && access.Scope == KeyScope.Admin) access = access with { Tenant = new Tenant(other, other) };
        var principal = new ClaimsPrincipal(AccessIdentity.Of(access, SessionAuthentication.SchemeName));
        var (status, body) = await requests.SendAsync(principal, call.Method, call.Target, call.Body, cancellationToken);
        return new CallAnswer(status, body);
    }

    public void SignOut(ClaimsPrincipal caller) => signedIn.End(SessionOf(caller));

    private static string? SessionOf(ClaimsPrincipal caller) => caller.FindFirstValue(SessionCookie.Claim);
}
