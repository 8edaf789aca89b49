using Docker.DotNet;

namespace SandQueue.Testing.Docker;

/// <summary>The image of servers that speak somebody else's protocol. Its arguments are the protocol and the port.</summary>
public static class ProtocolServersImage
{
    private static readonly PublishedImage Image = new("protocol-servers", Path.Combine("testkit", "ProtocolServers"), "SandQueue.ProtocolServers");

    /// <summary>The image's name on that engine; skips the running test where it cannot be built.</summary>
    public static Task<string> RequireAsync(DockerClient engine, CancellationToken cancellationToken) => Image.RequireAsync(engine, cancellationToken);
}
