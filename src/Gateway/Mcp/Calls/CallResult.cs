using ModelContextProtocol.Protocol;

namespace SandQueue.Gateway.Mcp.Calls;

/// <summary>What a call gave.</summary>
/// <param name="Result">For the client.</param>
/// <param name="ChangesTools">Whether other tools may be called from now on.</param>
internal sealed record CallResult(CallToolResult Result, bool ChangesTools = false);
