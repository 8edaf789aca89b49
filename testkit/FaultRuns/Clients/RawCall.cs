using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SandQueue.FaultRuns.Clients;

/// <summary>
/// One HTTP request on a connection of its own, on which its caller can hang up for certain: only while not one byte of the answer has come. With
/// <see cref="HttpClient"/> an answer can be read and thrown away in the moment of the cancellation, and nobody could tell who lost it.
/// </summary>
internal static class RawCall
{
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(30);

    /// <param name="gateway">Where to.</param>
    /// <param name="path">As <c>create</c>.</param>
    /// <param name="key">The idempotency key; null for none.</param>
    /// <param name="body">A JSON object.</param>
    /// <param name="patience">How long the caller waits for the answer to begin.</param>
    public static async Task<RawAnswer> SendAsync(Uri gateway, string path, string? key, string body, TimeSpan patience)
    {
        var header = key is null ? "" : $"Idempotency-Key: {key}\r\n";
        var bytes = Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture);
        var request = $"POST /{path} HTTP/1.1\r\nHost: {gateway.Authority}\r\nContent-Type: application/json\r\nConnection: close\r\n{header}Content-Length: {bytes}\r\n\r\n{body}";
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using (var limit = new CancellationTokenSource(ReadLimit))
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, gateway.Port), limit.Token);
                await socket.SendAsync(Encoding.UTF8.GetBytes(request), limit.Token);
            }

            return await AwaitAsync(socket, patience) ? Parse(await ReadAsync(socket)) : RawAnswer.HungUp;
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
        {
            return RawAnswer.Broken;
        }
    }

    /// <returns>False where nothing came: the caller hangs up.</returns>
    private static async Task<bool> AwaitAsync(Socket socket, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            // Without a buffer nothing is taken.
            await socket.ReceiveAsync(Memory<byte>.Empty, limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return socket.Available > 0;
        }
    }

    private static async Task<string> ReadAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(ReadLimit);
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(limit.Token);
    }

    private static RawAnswer Parse(string answer)
    {
        if (answer.Length == 0) return RawAnswer.Broken;
        var status = int.Parse(answer.Split(' ', 3)[1], CultureInfo.InvariantCulture);
        var (from, to) = (answer.IndexOf('{', StringComparison.Ordinal), answer.LastIndexOf('}'));
        Debug.Assert(from < to, "the gateway answers with an object");
        return new RawAnswer(status, answer[from..(to + 1)]);
    }
}
