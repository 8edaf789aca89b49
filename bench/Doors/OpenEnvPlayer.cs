using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace SandQueue.Bench.Doors;

/// <summary>A client of OpenEnv: one socket, one frame there and one back.</summary>
internal sealed class OpenEnvPlayer(Uri gateway) : IDoorPlayer
{
    private static readonly byte[] Step = """{"type":"step","data":{"message":"<action>up</action>"}}"""u8.ToArray();

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _frame = new byte[64 << 10];

    public async Task OpenAsync(string taskId, CancellationToken cancellationToken)
    {
        await _socket.ConnectAsync(new UriBuilder(gateway) { Scheme = "ws", Path = "/openenv/frozenlake/ws" }.Uri, cancellationToken);
        await AskAsync(Encoding.UTF8.GetBytes($$$"""{"type":"reset","data":{"task_id":"{{{taskId}}}"}}"""), cancellationToken);
    }

    public async Task<int> StepAsync(CancellationToken cancellationToken)
    {
        await AskAsync(Step, cancellationToken);
        return 1;
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.Open) await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        _socket.Dispose();
    }

    private async Task AskAsync(byte[] frame, CancellationToken cancellationToken)
    {
        await _socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        var length = 0;
        ValueWebSocketReceiveResult received;
        do
        {
            received = await _socket.ReceiveAsync(_frame.AsMemory(length), cancellationToken);
            length += received.Count;
        }
        while (!received.EndOfMessage);
        using var answer = JsonDocument.Parse(_frame.AsMemory(0, length));
        if (answer.RootElement.GetProperty("type").GetString() != "observation") throw new InvalidDataException(answer.RootElement.GetRawText());
    }
}
