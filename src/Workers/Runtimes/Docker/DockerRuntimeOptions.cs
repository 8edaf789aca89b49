namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>The settings of environment servers that run as containers, section <c>DockerRuntime</c>.</summary>
internal sealed class DockerRuntimeOptions
{
    /// <summary>Where the engine listens, such as <c>unix:///var/run/docker.sock</c>; empty takes <c>DOCKER_HOST</c>, then that.</summary>
    public string? Host { get; init; }

    /// <summary>
    /// The name of the farm, a label of all its containers. What carries it and belongs to no living worker is removed:
    /// two farms on one engine need two names.
    /// </summary>
    public string Farm { get; init; } = "sandqueue";

    /// <summary>The image of the built-in environments.</summary>
    public string Image { get; init; } = $"sandqueue/environments:{typeof(DockerRuntimeOptions).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>
    /// The folder of the Unix sockets. Containers can write to their part of it, so it belongs in memory, where what they
    /// write counts as theirs: <c>/run</c>, <c>/dev/shm</c>, or a volume in memory that a worker in a container shares with
    /// the engine. Empty: <c>/run/sandqueue</c> for root, the user's runtime folder for others.
    /// </summary>
    public string? SocketFolder { get; init; }

    /// <summary>
    /// Kilobytes that a container may write to the folder of its socket, in at most 64 files: a small file system in memory is
    /// mounted there for it. Where the worker may not mount, or runs in a container itself, it looks at the folder each second, and ends
    /// a container whose folder holds more. 0 is no limit: what is written there counts as the container's memory.
    /// </summary>
    public int SocketFolderKb { get; init; } = 256;

    /// <summary>The container this worker runs in itself, by name or id; empty finds it by its host name, if it runs in one.</summary>
    public string? WorkerContainer { get; init; }

    /// <summary>How long the engine may take for one answer.</summary>
    public TimeSpan EngineTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
