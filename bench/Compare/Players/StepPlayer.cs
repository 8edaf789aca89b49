using System.Diagnostics;
using System.Net;
using SandQueue.Bench.Compare.Http;
using SandQueue.Bench.Compare.Loops;

namespace SandQueue.Bench.Compare.Players;

/// <summary>Steps of an instance of its own, at a gateway or at the environment server itself.</summary>
internal sealed class StepPlayer : IPlayer
{
    /// <summary>Of so many answers one is looked into.</summary>
    private const int Sample = 16;

    private readonly RawConnection _connection;
    private readonly bool _numbered;
    private readonly bool _releases;
    private readonly byte[] _step;
    private readonly byte[] _release;
    private int _steps;

    private StepPlayer(RawConnection connection, string instance, bool numbered, bool releases) =>
        (_connection, _numbered, _releases, _step, _release) = (connection, numbered, releases, BfclCalls.Step(instance), BfclCalls.Release(instance));

    /// <param name="address">Where it connects to.</param>
    /// <param name="numbered">Whether answers have the step's number: those of a gateway do.</param>
    /// <param name="cancellationToken">Ends the attempt to connect.</param>
    /// <param name="releases">Whether the instance is released in the end: not where whoever has it ends next.</param>
    public static async Task<IPlayer> OpenAsync(EndPoint address, bool numbered, CancellationToken cancellationToken, bool releases = true)
    {
        var connection = new RawConnection(address);
        await connection.OpenAsync(cancellationToken);
        await connection.CallAsync(BfclCalls.Create);
        return new StepPlayer(connection, AnswerText.InstanceId(connection.Body), numbered, releases);
    }

    public async ValueTask<Played> PlayAsync()
    {
        await _connection.CallAsync(_step);
        var answered = Stopwatch.GetTimestamp();
        if (_steps++ % Sample == 0) Check();
        return new Played(1, answered);
    }

    public async ValueTask DisposeAsync()
    {
        using (_connection)
        {
            if (_releases && _connection.IsUsable) await _connection.CallAsync(_release);
        }
    }

    private void Check()
    {
        if (_connection.Body.IndexOf(BfclCalls.Stepped) < 0) throw new InvalidDataException($"step {_steps} is none that goes on: {_connection.Shown()}");
        if (_numbered && AnswerText.Number(_connection.Body, BfclCalls.StepNumber) is var number && number != _steps) throw new InvalidDataException($"step {_steps} was answered as step {number}: {_connection.Shown()}");
    }
}
