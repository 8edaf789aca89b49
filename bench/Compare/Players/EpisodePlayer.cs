using System.Diagnostics;
using System.Net;
using SandQueue.Bench.Compare.Http;
using SandQueue.Bench.Compare.Loops;

namespace SandQueue.Bench.Compare.Players;

/// <summary>Instances one after the other: each is created, stepped and evaluated where that is asked for, and released.</summary>
internal sealed class EpisodePlayer : IPlayer
{
    private readonly RawConnection _connection;
    private readonly int _steps;

    private EpisodePlayer(RawConnection connection, int steps) => (_connection, _steps) = (connection, steps);

    /// <param name="address">The gateway.</param>
    /// <param name="steps">Of an episode, which is then evaluated and timed as a whole. 0: only the Create is timed, and its instance released without more.</param>
    /// <param name="cancellationToken">Ends the attempt to connect.</param>
    public static async Task<IPlayer> OpenAsync(EndPoint address, int steps, CancellationToken cancellationToken)
    {
        var connection = new RawConnection(address);
        await connection.OpenAsync(cancellationToken);
        return new EpisodePlayer(connection, steps);
    }

    public async ValueTask<Played> PlayAsync()
    {
        await _connection.CallAsync(BfclCalls.Create);
        var instance = AnswerText.InstanceId(_connection.Body);
        var created = Stopwatch.GetTimestamp();
        if (_steps > 0) await StepAndEvaluateAsync(instance);
        await _connection.CallAsync(BfclCalls.Release(instance));
        return new Played(1, _steps > 0 ? Stopwatch.GetTimestamp() : created);
    }

    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask StepAndEvaluateAsync(string instance)
    {
        var request = BfclCalls.Step(instance);
        for (var step = 1; step <= _steps; step++)
        {
            await _connection.CallAsync(request);
            if (AnswerText.Number(_connection.Body, BfclCalls.StepNumber) != step) throw new InvalidDataException($"step {step} was answered as another: {_connection.Shown()}");
        }

        await _connection.CallAsync(BfclCalls.Evaluate(instance));
    }
}
