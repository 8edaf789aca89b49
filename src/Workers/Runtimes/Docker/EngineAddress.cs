using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>Where the engine listens.</summary>
internal static class EngineAddress
{
    private static readonly string[] Schemes = ["unix", "tcp", "http", "https", "npipe"];

    private const string Usual = "unix:///var/run/docker.sock";

    /// <exception cref="ContainerException">It is no address.</exception>
    public static Uri Find(DockerRuntimeOptions options)
    {
        var named = options.Host is { Length: > 0 } set ? set : Environment.GetEnvironmentVariable("DOCKER_HOST");
        var address = named is { Length: > 0 } ? named : Usual;
        return Uri.TryCreate(address, UriKind.Absolute, out var engine) && Schemes.Contains(engine.Scheme)
            ? engine
            : throw new ContainerException($"'{address}' is no address of a Docker engine; write DockerRuntime:Host or DOCKER_HOST like {Usual}");
    }
}
