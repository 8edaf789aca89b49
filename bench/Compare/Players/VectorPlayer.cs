using System.Diagnostics;
using System.Net;
using SandQueue.Bench.Compare.Http;
using SandQueue.Bench.Compare.Loops;

namespace SandQueue.Bench.Compare.Players;

/// <summary>Steps of many instances in one call.</summary>
internal sealed class VectorPlayer : IPlayer
{
    public const int Width = 64;

    private readonly RawConnection _connection;
    private readonly IReadOnlyList<string> _instances;
    private readonly byte[] _steps;
    private int _calls;

    private VectorPlayer(RawConnection connection, IReadOnlyList<string> instances) => (_connection, _instances, _steps) = (connection, instances, BfclCalls.Steps(instances));

    public static async Task<IPlayer> OpenAsync(EndPoint address, CancellationToken cancellationToken)
    {
        var connection = new RawConnection(address);
        await connection.OpenAsync(cancellationToken);
        var instances = new List<string>();
        for (var instance = 0; instance < Width; instance++)
        {
            await connection.CallAsync(BfclCalls.Create);
            instances.Add(AnswerText.InstanceId(connection.Body));
        }

        return new VectorPlayer(connection, instances);
    }

    /// <summary>All answers are looked into: one call has many of them.</summary>
    public async ValueTask<Played> PlayAsync()
    {
        await _connection.CallAsync(_steps);
        var answered = Stopwatch.GetTimestamp();
        _calls++;
        if (AnswerText.Count(_connection.Body, BfclCalls.Stepped) != Width || AnswerText.Number(_connection.Body, BfclCalls.StepNumber) != _calls)
        {
            throw new InvalidDataException($"call {_calls} of {Width} steps was not answered by so many steps of that number: {_connection.Shown()}");
        }

        return new Played(Width, answered);
    }

    public async ValueTask DisposeAsync()
    {
        using (_connection)
        {
            foreach (var instance in _instances)
            {
                if (_connection.IsUsable) await _connection.CallAsync(BfclCalls.Release(instance));
            }
        }
    }
}
