using System.Net.Sockets;

namespace SandQueue.EndToEnd.Mistakes.Replay;

/// <summary>
/// Sends bytes over a connection of their own and reads what comes back, as the plainest of clients does: it reads only after it has
/// sent all, so an answer that is given early and then withdrawn by a reset is lost to it.
/// </summary>
internal sealed class PlainSocketCaller(Uri address, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public async Task<PlainAnswer> SendAsync(HostileRequest request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var started = time.GetTimestamp();
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, limit.Token);
        var connection = client.GetStream();
        var broken = await WriteAsync(connection, request.Bytes, limit.Token);
        var received = await ReadAsync(connection, limit.Token);
        return PlainAnswer.Read(received, time.GetElapsedTime(started), broken);
    }

    /// <returns>Why not all of it could be sent; null where it could.</returns>
    private static async Task<string?> WriteAsync(NetworkStream connection, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            await connection.WriteAsync(bytes, cancellationToken);
            return null;
        }
        catch (IOException exception)
        {
            return exception.Message;
        }
    }

    private static async Task<byte[]> ReadAsync(NetworkStream connection, CancellationToken cancellationToken)
    {
        var received = new MemoryStream();
        try
        {
            await connection.CopyToAsync(received, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // What came before the connection broke, or the time was over, is the answer.
        }

        return received.ToArray();
    }
}
