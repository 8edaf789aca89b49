namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>Where the engine listens.</summary>
internal static class EngineAddress
{
    private const string Usual = "unix:///var/run/docker.sock";

    public static Uri Find(DockerRuntimeOptions options)
    {
        var named = options.Host is { Length: > 0 } set ? set : Environment.GetEnvironmentVariable("DOCKER_HOST");
        return new Uri(named is { Length: > 0 } ? named : Usual);
    }
}
