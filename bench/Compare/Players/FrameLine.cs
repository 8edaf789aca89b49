using System.Net;
using System.Net.Sockets;
using System.Text;
using SandQueue.Bench.Compare.Http;
using SandQueue.Bench.Compare.Loops;
using SandQueue.Frames;

namespace SandQueue.Bench.Compare.Players;

/// <summary>The one connection for frames that a worker has to an environment server; all players share it.</summary>
internal sealed class FrameLine : IAsyncDisposable
{
    private const int MostBytes = 100 << 20;

    private readonly FrameClient _client;

    private FrameLine(FrameClient client) => _client = client;

    public static async Task<FrameLine> OpenAsync(EndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(address, cancellationToken);
        return new FrameLine(await FrameClient.OpenAsync(new NetworkStream(socket, ownsSocket: true), MostBytes, cancellationToken));
    }

    public async Task<IPlayer> NewPlayerAsync(CancellationToken cancellationToken)
    {
        var opening = await CallAsync(Verb.Create, Encoding.UTF8.GetBytes(BfclCalls.CreateBody), cancellationToken);
        return new FramePlayer(this, AnswerText.InstanceId(opening.Span));
    }

    /// <exception cref="InvalidDataException">It was not answered with 200.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> CallAsync(Verb verb, byte[] body, CancellationToken cancellationToken = default)
    {
        var answer = await _client.CallAsync(verb, body, cancellationToken);
        return answer.Code == Status.Ok ? answer.Body : throw new InvalidDataException($"{verb} was answered with {answer.Code}: {Encoding.UTF8.GetString(answer.Body.Span)}");
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
