namespace SandQueue.Gateway.Mcp.Sessions;

/// <summary>The headers of MCP over HTTP.</summary>
internal static class McpHeaders
{
    public const string Session = "Mcp-Session-Id";
    public const string Version = "MCP-Protocol-Version";

    /// <summary>From this revision on there are no sessions; they are named by dates.</summary>
    private const string FirstWithoutSessions = "2026-07-28";

    private static readonly string[] WithSessions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    /// <summary>Whether the SDK takes the request for one about a session; it refuses what says another revision.</summary>
    public static bool AreOfASession(IHeaderDictionary headers) => headers[Version].ToString() is var version && (version.Length == 0 || WithSessions.Contains(version));

    public static bool HasSessions(IHeaderDictionary headers) => string.CompareOrdinal(headers[Version].ToString(), FirstWithoutSessions) < 0;
}
