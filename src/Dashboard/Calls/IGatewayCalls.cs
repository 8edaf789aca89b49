using System.Security.Claims;

namespace SandQueue.Dashboard.Calls;

/// <summary>What the dashboard knows of the gateway: its REST routes, called on behalf of who is signed in. What a caller may see and do is decided there.</summary>
public interface IGatewayCalls
{
    /// <param name="caller">Who is signed in.</param>
    /// <param name="call">What is asked.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    Task<CallAnswer> SendAsync(ClaimsPrincipal caller, GatewayCall call, CancellationToken cancellationToken);

    /// <summary>Ends the session of who is signed in.</summary>
    void SignOut(ClaimsPrincipal caller);
}
