using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using SandQueue.Gateway.Security;

namespace SandQueue.Gateway.Mcp.Sessions;

/// <summary>
/// Takes over a session that this gateway does not know: it began at another, or before a restart. What it plays is found when it is asked for, among what
/// the tenant of the request has; whoever sends another's id has a session of its own, in which nothing is open.
/// </summary>
internal sealed class SessionMigration(LiveSessions sessions, EndedSessions ended) : ISessionMigrationHandler
{
    /// <summary>What MCP takes for granted where a client does not say its version.</summary>
    private const string FirstVersion = "2025-03-26";

    public ValueTask OnSessionInitializedAsync(HttpContext context, string sessionId, InitializeRequestParams initializeParams, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    public ValueTask<InitializeRequestParams?> AllowSessionMigrationAsync(HttpContext context, string sessionId, CancellationToken cancellationToken)
    {
        if (!SessionId.HasForm(sessionId) || ended.Has(context.Tenant(), sessionId)) return ValueTask.FromResult<InitializeRequestParams?>(null);
        sessions.RequireRoom(context.Tenant());
        sessions.Add(sessionId, new EpisodeSession(context.Tenant(), sessionId));
        var version = context.Request.Headers[McpHeaders.Version].ToString();
        return ValueTask.FromResult<InitializeRequestParams?>(new InitializeRequestParams
        {
            ProtocolVersion = version.Length > 0 ? version : FirstVersion,
            Capabilities = new ClientCapabilities(),
            ClientInfo = new Implementation { Name = "unknown", Version = "0" },
        });
    }
}
