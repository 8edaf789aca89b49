namespace SandQueue.Gateway.Mcp.Sessions;

/// <summary>The headers of MCP over HTTP.</summary>
internal static class McpHeaders
{
    public const string Session = "Mcp-Session-Id";
    public const string Version = "MCP-Protocol-Version";

    /// <summary>From this revision on there are no sessions; they are named by dates.</summary>
    private const string FirstWithoutSessions = "2026-07-28";

    public static bool HasSessions(IHeaderDictionary headers) => string.CompareOrdinal(headers[Version].ToString(), FirstWithoutSessions) < 0;
}
