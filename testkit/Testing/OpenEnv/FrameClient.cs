using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace SandQueue.Testing.OpenEnv;

/// <summary>A client of OpenEnv's connections that sends what it is told to.</summary>
public sealed class FrameClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ClientWebSocket Socket => _socket;

    /// <param name="server">The gateway.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="key">The API key; null sends none.</param>
    /// <param name="origin">The page that connects, as a browser says it; null says none.</param>
    public static async Task<FrameClient> ConnectAsync(Uri server, string environment, string? key = null, string? origin = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        var client = new FrameClient();
        if (key is not null) client._socket.Options.SetRequestHeader("Authorization", $"Bearer {key}");
        if (origin is not null) client._socket.Options.SetRequestHeader("Origin", origin);
        await client._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = $"/openenv/{environment}/ws" }.Uri, Cancel);
        return client;
    }

    /// <summary>Sends a request, and reads its answer.</summary>
    public async Task<JsonElement> AskAsync(string request)
    {
        await SendAsync(Encoding.UTF8.GetBytes(request));
        return await ReadAsync() ?? throw new InvalidOperationException($"the connection was closed: {_socket.CloseStatus} {_socket.CloseStatusDescription}");
    }

    public Task<JsonElement> ResetAsync(string data = "{}") => AskAsync($$"""{"type":"reset","data":{{data}}}""");

    public Task<JsonElement> StepAsync(string data) => AskAsync($$"""{"type":"step","data":{{data}}}""");

    public Task SendAsync(byte[] frame, WebSocketMessageType type = WebSocketMessageType.Text, bool isWhole = true) => _socket.SendAsync(frame, type, isWhole, Cancel);

    /// <summary>The next frame; null where the other end has closed.</summary>
    public async Task<JsonElement?> ReadAsync()
    {
        var frame = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var received = await _socket.ReceiveAsync(frame.GetMemory(4096), Cancel);
            if (received.MessageType == WebSocketMessageType.Close) return null;
            frame.Advance(received.Count);
            if (received.EndOfMessage) return JsonElement.Parse(frame.WrittenSpan);
        }
    }

    public void Dispose() => _socket.Dispose();
}
