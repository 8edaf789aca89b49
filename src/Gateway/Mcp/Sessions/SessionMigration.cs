using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using SandQueue.Gateway.Security;

namespace SandQueue.Gateway.Mcp.Sessions;

/// <summary>
/// Takes over a session that this gateway does not know: it began at another, or before a restart. As long as an instance lives that was made in it, it goes
/// on, for the tenant that made it; for everyone else there is no such session.
/// </summary>
internal sealed class SessionMigration(LiveSessions sessions, SessionTasks tasks) : ISessionMigrationHandler
{
    /// <summary>What MCP takes for granted where a client does not say its version.</summary>
    private const string FirstVersion = "2025-03-26";

    public ValueTask OnSessionInitializedAsync(HttpContext context, string sessionId, InitializeRequestParams initializeParams, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    public async ValueTask<InitializeRequestParams?> AllowSessionMigrationAsync(HttpContext context, string sessionId, CancellationToken cancellationToken)
    {
        var session = new EpisodeSession(context.Tenant(), sessionId);
        if (await tasks.FindAsync(session, cancellationToken) is null)
        {
            session.Dispose();
            return null;
        }

        sessions.Add(sessionId, session);
        var version = context.Request.Headers[McpHeaders.Version].ToString();
        return new InitializeRequestParams
        {
            ProtocolVersion = version.Length > 0 ? version : FirstVersion,
            Capabilities = new ClientCapabilities(),
            ClientInfo = new Implementation { Name = "unknown", Version = "0" },
        };
    }
}
