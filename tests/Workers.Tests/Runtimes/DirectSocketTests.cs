using System.Net.Sockets;
using SandQueue.Workers.Runtimes;

namespace SandQueue.Workers.Tests.Runtimes;

/// <summary>A server that puts something else in the place of its socket at the very moment its worker connects.</summary>
public sealed class DirectSocketTests : IDisposable
{
    private const int Attempts = 5000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("sq-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_link_that_takes_its_place_while_it_is_connected_to_is_not_followed()
    {
        var (path, aside) = (Path.Combine(_folder, "environment.sock"), Path.Combine(_folder, "aside.sock"));
        using var mine = Listen(path);
        using var foreign = Listen(Path.Combine(_folder, "foreign.sock"));
        using var connected = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var accepting = AcceptAsync(mine, connected.Token);
        var swapping = Task.Run(() => Swap(path, aside, Path.Combine(_folder, "foreign.sock"), connected.Token), Cancel);
        var (reached, refused) = (0, 0);

        for (var attempt = 0; attempt < Attempts || reached == 0 || refused == 0; attempt++)
        {
            Cancel.ThrowIfCancellationRequested();
            if (swapping.IsFaulted) await swapping;
            try
            {
                await (await DirectSocket.ConnectAsync(path, Cancel).AsTask().WaitAsync(Limit, Cancel)).DisposeAsync();
                reached++;
            }
            catch (SocketException)
            {
                refused++;
            }
        }

        await connected.CancelAsync();
        await swapping;
        await accepting;
        foreign.Poll(0, SelectMode.SelectRead).ShouldBeFalse("somebody has connected to the foreign socket");
    }

    /// <summary>In turn the socket and a link to another.</summary>
    private static void Swap(string path, string aside, string foreign, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            File.Move(path, aside);
            File.CreateSymbolicLink(path, foreign);
            File.Delete(path);
            File.Move(aside, path);
        }
    }

    private static async Task AcceptAsync(Socket listening, CancellationToken cancellationToken)
    {
        try
        {
            while (true) (await listening.AcceptAsync(cancellationToken)).Dispose();
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen(512);
        return socket;
    }
}
