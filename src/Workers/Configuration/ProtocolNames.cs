namespace SandQueue.Workers.Configuration;

/// <summary>What the setting <c>Protocol</c> of an environment may say.</summary>
internal static class ProtocolNames
{
    /// <summary>Our own servers' and AgentScope's training images'.</summary>
    public const string EnvironmentService = "environment-service";

    /// <summary>OpenEnv's images'.</summary>
    public const string OpenEnv = "openenv";

    /// <summary>AppWorld's own server's.</summary>
    public const string AppWorld = "appworld";

    /// <summary>Nobody's: episodes of the journal answer, and there is no server.</summary>
    public const string Recorded = "recorded";
}
