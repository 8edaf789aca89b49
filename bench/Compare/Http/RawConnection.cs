using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SandQueue.Bench.Compare.Http;

/// <summary>One kept connection that has one request under way: what the load costs is left to what is measured.</summary>
internal sealed class RawConnection(EndPoint address) : IDisposable
{
    private readonly Socket _socket = address is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private byte[] _received = new byte[16 << 10];
    private RawResponse _response;
    private bool _isBroken;

    /// <summary>The body of the last answer, until the next call.</summary>
    public ReadOnlySpan<byte> Body => _response.IsChunked ? ResponseReader.Join(Raw) : Raw;

    /// <summary>Whether another call can be made: not while one is under way, nor after one that failed.</summary>
    public bool IsUsable => !_isBroken;

    private ReadOnlySpan<byte> Raw => _received.AsSpan(_response.BodyStart, _response.End - _response.BodyStart);

    public ValueTask OpenAsync(CancellationToken cancellationToken) => _socket.ConnectAsync(address, cancellationToken);

    /// <summary>Sends a request and receives its answer, which has to be 200. Closing the connection ends a call that hangs.</summary>
    /// <exception cref="InvalidDataException">It was answered with anything else.</exception>
    /// <exception cref="SocketException">The connection is gone.</exception>
    public async ValueTask CallAsync(ReadOnlyMemory<byte> request)
    {
        _isBroken = true;
        for (var rest = request; rest.Length > 0;) rest = rest[await _socket.SendAsync(rest, SocketFlags.None)..];
        for (var count = 0; ;)
        {
            if (count == _received.Length) Array.Resize(ref _received, count * 2);
            var read = await _socket.ReceiveAsync(_received.AsMemory(count), SocketFlags.None);
            if (read == 0) throw new InvalidDataException("the connection was closed in place of an answer");
            count += read;
            if (ResponseReader.TryRead(_received.AsSpan(0, count), out _response)) break;
        }

        _isBroken = false;
        if (_response.Status != 200) throw new InvalidDataException($"answered {_response.Status}: {Shown()}");
    }

    /// <summary>The beginning of the last answer, for the message of an error.</summary>
    public string Shown() => Encoding.UTF8.GetString(Body[..Math.Min(Body.Length, 300)]);

    public void Dispose() => _socket.Dispose();
}
