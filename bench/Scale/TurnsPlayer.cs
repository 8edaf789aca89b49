using System.Diagnostics;
using System.Net;
using SandQueue.Bench.Compare.Http;
using SandQueue.Bench.Compare.Loops;
using SandQueue.Bench.Compare.Players;

namespace SandQueue.Bench.Scale;

/// <summary>A client that steps instances in turn, over one connection.</summary>
internal sealed class TurnsPlayer : IPlayer
{
    private readonly RawConnection _connection;
    private readonly IReadOnlyList<string> _instances;
    private int _next;

    private TurnsPlayer(RawConnection connection, IReadOnlyList<string> instances) => (_connection, _instances) = (connection, instances);

    /// <param name="address">The gateway.</param>
    /// <param name="instances">What it steps; no other client does.</param>
    /// <param name="cancellationToken">Ends the attempt to connect.</param>
    public static async Task<IPlayer> OpenAsync(EndPoint address, IReadOnlyList<string> instances, CancellationToken cancellationToken)
    {
        var connection = new RawConnection(address);
        await connection.OpenAsync(cancellationToken);
        return new TurnsPlayer(connection, instances);
    }

    /// <summary>Makes instances, one after the other.</summary>
    public static async Task<List<string>> CreateAsync(EndPoint address, int count, CancellationToken cancellationToken)
    {
        using var connection = new RawConnection(address);
        await connection.OpenAsync(cancellationToken);
        var instances = new List<string>(count);
        while (instances.Count < count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await connection.CallAsync(BfclCalls.Create);
            instances.Add(AnswerText.InstanceId(connection.Body));
        }

        return instances;
    }

    public async ValueTask<Played> PlayAsync()
    {
        var instance = _instances[_next++ % _instances.Count];
        await _connection.CallAsync(BfclCalls.Step(instance));
        if (_connection.Body.IndexOf(BfclCalls.Stepped) < 0) throw new InvalidDataException($"a step of {instance} is none that goes on: {_connection.Shown()}");
        return new Played(1, Stopwatch.GetTimestamp());
    }

    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }
}
