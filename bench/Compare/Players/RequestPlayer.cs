using System.Diagnostics;
using System.Net;
using SandQueue.Bench.Compare.Http;
using SandQueue.Bench.Compare.Loops;

namespace SandQueue.Bench.Compare.Players;

/// <summary>The same request again and again, whose answer has to be 200.</summary>
internal sealed class RequestPlayer : IPlayer
{
    private readonly RawConnection _connection;
    private readonly byte[] _request;

    private RequestPlayer(RawConnection connection, byte[] request) => (_connection, _request) = (connection, request);

    public static async Task<IPlayer> OpenAsync(EndPoint address, byte[] request, CancellationToken cancellationToken)
    {
        var connection = new RawConnection(address);
        await connection.OpenAsync(cancellationToken);
        return new RequestPlayer(connection, request);
    }

    public async ValueTask<Played> PlayAsync()
    {
        await _connection.CallAsync(_request);
        return new Played(1, Stopwatch.GetTimestamp());
    }

    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }
}
