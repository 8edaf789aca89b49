using System.Buffers;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.OpenEnv.Sockets;

/// <summary>Reads requests off a connection, one at a time. What was read grows with what came, and is dropped where it is too large.</summary>
internal sealed class FrameReader(WebSocket socket, BodyLimit limit, TimeProvider time)
{
    private const int Piece = 4096;

    /// <summary>What is read of a request beyond its limit, so that its client learns why it was refused; after that the connection ends.</summary>
    private const long DrainedBytes = 64 << 20;

    private static readonly Frame Closed = new(Bytes: null, Close: WebSocketCloseStatus.NormalClosure);

    /// <summary>Ends with the connection, however that ends.</summary>
    public async Task<Frame> ReadAsync()
    {
        try
        {
            return await ReadWholeAsync();
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException or ConnectionAbortedException or InvalidOperationException)
        {
            return Closed;
        }
    }

    private async Task<Frame> ReadWholeAsync()
    {
        var read = new ArrayBufferWriter<byte>(Piece);
        long length = 0;
        long? begun = null;
        while (true)
        {
            var receiving = socket.ReceiveAsync(read.GetMemory(Piece), CancellationToken.None).AsTask();
            if (begun is { } at && !await EndsInTimeAsync(receiving, limit.Time - time.GetElapsedTime(at)))
            {
                return new Frame(Bytes: null, $"a request did not come within {limit.Time.TotalSeconds} s (Gateway:ReadTimeout)", WebSocketCloseStatus.PolicyViolation);
            }

            var received = await receiving;
            if (received.MessageType == WebSocketMessageType.Close) return Closed;
            begun ??= time.GetTimestamp();
            length += received.Count;
            if (length > limit.Bytes + DrainedBytes) return new Frame(Bytes: null, TooLarge, WebSocketCloseStatus.MessageTooBig);
            if (length <= limit.Bytes) read.Advance(received.Count);
            else if (read.Capacity > Piece) read = new ArrayBufferWriter<byte>(Piece);
            if (!received.EndOfMessage) continue;
            return length > limit.Bytes ? new Frame(Bytes: null, TooLarge) : new Frame(read.WrittenSpan.ToArray());
        }
    }

    private string TooLarge => $"the request is too large: at most {limit.Bytes} bytes are taken (Gateway:MaxBodyBytes)";

    private async Task<bool> EndsInTimeAsync(Task receiving, TimeSpan left)
    {
        if (receiving.IsCompleted) return true;
        await receiving.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return receiving.IsCompleted;
    }
}
