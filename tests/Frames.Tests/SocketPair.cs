using System.Net.Sockets;

namespace SandQueue.Frames.Tests;

/// <summary>Both ends of a connection over a Unix socket.</summary>
internal static class SocketPair
{
    public static async Task<(NetworkStream One, NetworkStream Other)> ConnectAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sqf-");
        try
        {
            var address = new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, "s"));
            using var listening = NewSocket();
            listening.Bind(address);
            listening.Listen();
            var one = NewSocket();
            await one.ConnectAsync(address, cancellationToken);
            return (new NetworkStream(one, ownsSocket: true), new NetworkStream(await listening.AcceptAsync(cancellationToken), ownsSocket: true));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
