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
    private readonly TimeSpan _longestSilence;
    private readonly TimeProvider _time;
    private readonly Channel<ConnectionContext> _others = Channel.CreateUnbounded<ConnectionContext>();
    private readonly CancellationTokenSource _unbound = new();
    private readonly CancellationTokenSource _disposed = new();

    /// <param name="listening">The socket that listens.</param>
    /// <param name="http">Makes connections for the HTTP server.</param>
    /// <param name="serve">Serves a connection that carries frames, until its token ends.</param>
    /// <param name="longestSilence">How long a connection may take to its first byte.</param>
    /// <param name="time">The clock.</param>
    public SharedListener(Socket listening, SocketConnectionContextFactory http, Func<Stream, CancellationToken, Task> serve, TimeSpan longestSilence, TimeProvider time)
    {
        (_listening, _http, _serve, _longestSilence, _time) = (listening, http, serve, longestSilence, time);
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
            if (!await IsThereAsync(socket, first).ConfigureAwait(false)) return;
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
            // It has hung up, or was silent for too long, or the server ends.
        }
        finally
        {
            if (!taken) socket.Dispose();
        }
    }

    private async Task<bool> IsThereAsync(Socket socket, byte[] first)
    {
        using var late = new CancellationTokenSource(_longestSilence, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _disposed.Token);
        return await socket.ReceiveAsync(first, SocketFlags.Peek, either.Token).ConfigureAwait(false) > 0;
    }
}
