namespace SandQueue.Gateway.Mcp.Calls;

/// <summary>Where this door's callers have the keys of their commands.</summary>
internal static class RequestKey
{
    public const string Words = "JSON-RPC id in the same session";
}
