namespace SandQueue.Contracts;

/// <summary>Names of callers that are no API key.</summary>
public static class Tenants
{
    /// <summary>Everyone, on a gateway that listens on loopback without API keys.</summary>
    public const string Local = "local";
}
