namespace SandQueue.Workers.Configuration;

/// <summary>A folder or file that a container sees, read-only.</summary>
internal sealed class MountOptions
{
    /// <summary>Where it is on the engine's machine.</summary>
    public string Source { get; init; } = "";

    /// <summary>Where the container sees it.</summary>
    public string Target { get; init; } = "";
}
