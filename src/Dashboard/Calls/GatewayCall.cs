namespace SandQueue.Dashboard.Calls;

/// <summary>A request to a route of the gateway.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query, percent-encoded.</param>
/// <param name="Body">A JSON object; null for none.</param>
/// <param name="Tenant">The tenant that an admin looks at; null for the caller's own.</param>
public sealed record GatewayCall(string Method, string Target, byte[]? Body, string? Tenant);

/// <summary>Its answer.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">JSON.</param>
public sealed record CallAnswer(int Status, byte[] Body);
