using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace SandQueue.Frames;

/// <summary>Listens where the HTTP server would, looks at the first byte of each connection, keeps those that carry frames and hands on the others.</summary>
internal sealed class SharedListener : IConnectionListener
{
    private readonly Socket _listening;
    private readonly SocketConnectionContextFactory _http;
    private readonly Func<Stream, CancellationToken, Task> _serve;
    private readonly Channel<ConnectionContext> _others = Channel.CreateUnbounded<ConnectionContext>();
    private readonly CancellationTokenSource _unbound = new();
    private readonly CancellationTokenSource _disposed = new();

    public SharedListener(Socket listening, SocketConnectionContextFactory http, Func<Stream, CancellationToken, Task> serve)
    {
        (_listening, _http, _serve) = (listening, http, serve);
        EndPoint = listening.LocalEndPoint!;
        _ = ListenAsync();
    }

    public EndPoint EndPoint { get; }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _others.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false) && _others.Reader.TryRead(out var other) ? other : null;

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.CancelAsync().ConfigureAwait(false);
        _listening.Dispose();
        _others.Writer.TryComplete();
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync().ConfigureAwait(false);
        await _disposed.CancelAsync().ConfigureAwait(false);
        _http.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!_unbound.IsCancellationRequested)
        {
            try
            {
                _ = SortAsync(await _listening.AcceptAsync(_unbound.Token).ConfigureAwait(false));
            }
            catch (SocketException) when (!_unbound.IsCancellationRequested)
            {
                // That one was gone before it was taken.
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task SortAsync(Socket socket)
    {
        var taken = false;
        try
        {
            if (socket.LocalEndPoint is IPEndPoint) socket.NoDelay = true;
            var first = new byte[1];
            if (await socket.ReceiveAsync(first, SocketFlags.Peek, _disposed.Token).ConfigureAwait(false) == 0) return;
            taken = true;
            if (first[0] != Preface.First)
            {
                var other = _http.Create(socket);
                if (!_others.Writer.TryWrite(other)) await other.DisposeAsync().ConfigureAwait(false);
                return;
            }

            await _serve(new NetworkStream(socket, ownsSocket: true), _disposed.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // It has hung up, or the server ends.
        }
        finally
        {
            if (!taken) socket.Dispose();
        }
    }
}
