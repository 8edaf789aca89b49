using Docker.DotNet.Models;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>
/// Where the worker itself runs: on the engine's machine, or in a container of that engine. In a container its paths are
/// not the engine's, and it has to join a network to reach anything in it.
/// </summary>
/// <param name="Container">The worker's own container, or null on the engine's machine.</param>
internal sealed record WorkerSurroundings(ContainerInspectResponse? Container)
{
    private const string InContainer = "/.dockerenv";

    public static async Task<WorkerSurroundings> FindAsync(DockerEngine engine, string? named, CancellationToken cancellationToken)
    {
        // A host may bear the name of a container, so the name alone proves nothing.
        var name = named is { Length: > 0 } ? named : File.Exists(InContainer) ? Environment.MachineName : null;
        return new WorkerSurroundings(name is null ? null : await engine.FindContainerAsync(name, cancellationToken));
    }

    /// <summary>A path of this worker as the engine sees it: through whatever is mounted there.</summary>
    /// <exception cref="ContainerException">Nothing is.</exception>
    public string AsEngineSees(string path)
    {
        if (Container is null) return path;
        var mounted = Container.Mounts?
            .Where(mount => path.StartsWith($"{mount.Destination.TrimEnd('/')}/", StringComparison.Ordinal))
            .MaxBy(mount => mount.Destination.Length);
        return mounted is not null
            ? mounted.Source + path[mounted.Destination.TrimEnd('/').Length..]
            : throw new ContainerException(
                $"the worker runs in the container {Container.Name.TrimStart('/')} and shares {Path.GetDirectoryName(path)} with nobody; mount a volume at the folder DockerRuntime:SocketFolder names");
    }
}
