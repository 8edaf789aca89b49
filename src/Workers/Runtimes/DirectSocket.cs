using System.Net.Sockets;

namespace SandQueue.Workers.Runtimes;

/// <summary>
/// Connects to the Unix socket that is at a path, and to nothing a link there may point to: whoever serves can put a link
/// in its socket's place, and would be taken for another worker's environment, or reach the engine's own socket.
/// </summary>
internal static class DirectSocket
{
    /// <exception cref="SocketException">There is no socket, or nobody listens.</exception>
    public static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (OperatingSystem.IsLinux()) await ConnectByDescriptorAsync(socket, path, cancellationToken);
            else await ConnectByPathAsync(socket, path, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The descriptor is of what was at the path when it was opened, be it a link, and the kernel refuses to connect to what is no socket.</summary>
    private static async Task ConnectByDescriptorAsync(Socket socket, string path, CancellationToken cancellationToken)
    {
        var descriptor = LinuxFiles.OpenPath(path);
        if (descriptor < 0) throw new SocketException((int)SocketError.AddressNotAvailable);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint($"/proc/self/fd/{descriptor}"), cancellationToken);
        }
        finally
        {
            _ = LinuxFiles.Close(descriptor);
        }
    }

    /// <summary>Where there are no such descriptors, servers are the user's own programs, and a look before is what there is.</summary>
    private static async Task ConnectByPathAsync(Socket socket, string path, CancellationToken cancellationToken)
    {
        if (new FileInfo(path).LinkTarget is not null) throw new SocketException((int)SocketError.ConnectionRefused);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
    }
}
