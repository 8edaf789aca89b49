namespace SandQueue.Workers.Configuration;

/// <summary>What a container can reach.</summary>
internal enum NetworkPolicy
{
    /// <summary>
    /// Nothing: no network at all for a server on a Unix socket, an internal network of its own for one that only
    /// speaks TCP, where it reaches the engine's machine and nothing beyond.
    /// </summary>
    Closed,

    /// <summary>A network of its own that leads out, as far as the engine's machine reaches. A relaxation.</summary>
    Outbound,
}
