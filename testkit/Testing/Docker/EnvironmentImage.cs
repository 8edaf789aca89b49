using Docker.DotNet;

namespace SandQueue.Testing.Docker;

/// <summary>The image of the built-in environments.</summary>
public static class EnvironmentImage
{
    private static readonly PublishedImage Image = new("environments", Path.Combine("src", "Environments"), "SandQueue.Environments");

    /// <summary>The image's name on that engine; skips the running test where it cannot be built.</summary>
    public static Task<string> RequireAsync(DockerClient engine, CancellationToken cancellationToken) => Image.RequireAsync(engine, cancellationToken);
}
