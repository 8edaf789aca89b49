using Docker.DotNet.Models;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>
/// A container as the engine is asked for it, closed unless its settings open something: no rights, nothing to write to
/// but memory, no network, limits on all it can use up.
/// </summary>
internal static class ContainerSpecification
{
    /// <summary>Where a container sees the folder of its socket.</summary>
    private const string SocketFolder = "/run/sandqueue";

    private const string DataFolder = "/data";

    /// <summary>The kernel ends a container rather than the worker or a database beside it.</summary>
    private const int FirstToEnd = 500;

    /// <summary>The socket's name in its folder.</summary>
    public const string SocketName = "environment.sock";

    /// <param name="name">The container's.</param>
    /// <param name="labels">Whose it is.</param>
    /// <param name="image">What it runs, as the engine knows it.</param>
    /// <param name="options">The environment's settings.</param>
    /// <param name="socketFolder">The folder of its socket as the engine sees it, or null where it speaks TCP.</param>
    /// <param name="network">The network that is its own, or null where it has none.</param>
    public static CreateContainerParameters Create(
        ContainerName name, ContainerLabels labels, ImageInspectResponse image, EnvironmentOptions options, string? socketFolder, string? network)
    {
        var relaxed = options.Relaxations;
        var memory = Bytes(options.MemoryMb);
        return new CreateContainerParameters
        {
            Name = name.Text,
            // By its digest: a tag may come to mean another image while containers start.
            Image = image.ID,
            // The same for all, for what an environment prints may depend on it.
            Hostname = "environment",
            User = ContainerUser.Of(options),
            Labels = labels.ToDictionary(),
            Cmd = Arguments(labels.Environment, options, socketFolder),
            Env = [.. Variables(labels.Environment, options).Select(variable => $"{variable.Key}={variable.Value}")],
            HostConfig = new HostConfig
            {
                NetworkMode = network ?? "none",
                // Its own loopback, where no resolver is: an engine may ask the machine's for an internal network, too.
                DNS = options.Network == NetworkPolicy.Closed ? ["127.0.0.1"] : [],
                // As process 1 a server would not receive its own signals, nor bury the children of others.
                Init = true,
                CapDrop = ["ALL"],
                CapAdd = relaxed.Capabilities,
                SecurityOpt = relaxed.NewPrivileges ? [] : ["no-new-privileges"],
                ReadonlyRootfs = !relaxed.WritableRoot,
                Tmpfs = WritablePaths(image, relaxed).ToDictionary(path => path, path => TmpfsOptions(path, options), StringComparer.Ordinal),
                Mounts = [.. Mounts(options, socketFolder)],
                Memory = memory,
                // Equal to the memory: no swap.
                MemorySwap = memory,
                NanoCPUs = (long)(options.Cpus * 1_000_000_000),
                PidsLimit = options.Pids,
                ShmSize = Bytes(options.ShmMb),
                OomScoreAdj = FirstToEnd,
                Ulimits = [new Ulimit { Name = "core", Soft = 0, Hard = 0 }],
                // What a container prints lies on the engine's disk.
                LogConfig = new LogConfig
                {
                    Type = "json-file",
                    Config = new Dictionary<string, string>(StringComparer.Ordinal) { ["max-size"] = "1m", ["max-file"] = "1" },
                },
            },
        };
    }

    private static List<string>? Arguments(string environment, EnvironmentOptions options, string? socketFolder)
    {
        if (options.Arguments.Count > 0) return options.Arguments;
        return socketFolder is null ? null : ["--socket", $"{SocketFolder}/{SocketName}", "--environment", environment];
    }

    private static Dictionary<string, string> Variables(string environment, EnvironmentOptions options)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (options.Data is { Length: > 0 }) variables[$"SANDQUEUE_{environment.ToUpperInvariant()}_DATA"] = DataFolder;
        foreach (var (name, value) in options.Variables) variables[name] = value;
        return variables;
    }

    private static IEnumerable<Mount> Mounts(EnvironmentOptions options, string? socketFolder)
    {
        if (socketFolder is not null) yield return new Mount { Type = "bind", Source = socketFolder, Target = SocketFolder };
        if (options.Data is { Length: > 0 } data) yield return ReadOnly(data, DataFolder);
        foreach (var mount in options.Mounts) yield return ReadOnly(mount.Source, mount.Target);
    }

    private static Mount ReadOnly(string source, string target) =>
        // Not recursive: what is mounted below the folder would stay writable.
        new() { Type = "bind", Source = source, Target = target, ReadOnly = true, BindOptions = new BindOptions { NonRecursive = true } };

    /// <summary>
    /// An image's volumes are writable and on the engine's disk, even under a read-only root; memory takes their place.
    /// </summary>
    private static IEnumerable<string> WritablePaths(ImageInspectResponse image, RelaxationOptions relaxed) =>
        relaxed.WritableRoot || image.Config?.Volumes is not { } volumes ? ["/tmp"] : volumes.Keys.Append("/tmp").Distinct(StringComparer.Ordinal);

    private static string TmpfsOptions(string path, EnvironmentOptions options)
    {
        var run = options.Relaxations.ExecutableTmp && path == "/tmp" ? "exec" : "noexec";
        return $"rw,{run},nosuid,nodev,size={options.TmpMb}m,mode=1777";
    }

    private static long Bytes(int megabytes) => (long)megabytes << 20;
}
