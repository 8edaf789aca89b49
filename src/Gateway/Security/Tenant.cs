namespace SandQueue.Gateway.Security;

/// <summary>Whom instances and keys belong to. A tenant has its keys for a while, and its id for good.</summary>
/// <param name="Id">What is stored with everything it owns.</param>
/// <param name="Name">What people call it.</param>
internal sealed record Tenant(string Id, string Name);
