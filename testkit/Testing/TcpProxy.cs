using System.Net;
using System.Net.Sockets;

namespace SandQueue.Testing;

/// <summary>
/// Stands between a client and a server on this machine, so that the network between them can break: cut, frozen, or with
/// answers that come late or never.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _open = [];
    private readonly int _server;
    private readonly Task _accepting;
    private TaskCompletionSource _flows = Flowing();
    private bool _cut;
    private int _asked;

    /// <param name="server">The server's port.</param>
    public TcpProxy(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port clients connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Pieces that clients sent and the server was given.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>
    /// Asked before anything of the server's reaches a client, once a piece: false drops it and closes the connection to
    /// the client. The server's side has been read, so the server believes that it was delivered.
    /// </summary>
    public Func<CancellationToken, Task<bool>>? BeforeAnswer { get; set; }

    /// <summary>Closes all connections, and every new one at once.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _cut = true;
            foreach (var socket in _open) socket.Dispose();
            _open.Clear();
        }
    }

    /// <summary>Holds back all bytes both ways; connections stay open, and neither side is told.</summary>
    public void Freeze()
    {
        lock (_gate) _flows = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Lets connections and bytes through again.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            _cut = false;
            _flows.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = CarryAsync(await _listener.AcceptSocketAsync(_over.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                if (!TryOpen(client, server)) return;
                (client.NoDelay, server.NoDelay) = (true, true);
                await server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _server), _over.Token);
                await Task.WhenAny(PumpAsync(client, server, answers: false), PumpAsync(server, client, answers: true));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The server is away, or the connection was cut: the client sees that its own is closed.
            }
            finally
            {
                lock (_gate)
                {
                    _open.Remove(client);
                    _open.Remove(server);
                }
            }
        }
    }

    private bool TryOpen(Socket client, Socket server)
    {
        lock (_gate)
        {
            if (_cut) return false;
            _open.Add(client);
            _open.Add(server);
            return true;
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool answers)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _over.Token) is > 0 and var read)
            {
                Task flows;
                lock (_gate) flows = _flows.Task;
                await flows.WaitAsync(_over.Token);
                if (answers && BeforeAnswer is { } ask && !await ask(_over.Token)) return;
                await to.SendAsync(buffer.AsMemory(0, read), _over.Token);
                if (!answers) Interlocked.Increment(ref _asked);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side has gone; the other is closed with it.
        }
    }

    private static TaskCompletionSource Flowing()
    {
        var flowing = new TaskCompletionSource();
        flowing.SetResult();
        return flowing;
    }
}
