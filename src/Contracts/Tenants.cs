namespace SandQueue.Contracts;

/// <summary>Tenant ids that belong to no API key.</summary>
public static class Tenants
{
    /// <summary>Everyone, on a gateway that listens on loopback without API keys.</summary>
    public const string Local = "local";
}
