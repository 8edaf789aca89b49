using System.Diagnostics;
using System.Net.Sockets;
using RabbitMQ.Client.Exceptions;

namespace SandQueue.Bench.Compare.Loops;

/// <summary>A player's calls in a loop, and what came of them. A call that fails ends it: no further answer would say anything.</summary>
internal sealed class LoopClient(IPlayer player)
{
    private readonly List<double> _latencies = [];
    private int _units;
    private string? _error;

    /// <param name="since">The timestamp from which its latency counts.</param>
    /// <returns>False where it failed.</returns>
    public async ValueTask<bool> TryPlayAsync(long since)
    {
        try
        {
            var played = await player.PlayAsync();
            _latencies.Add(Stopwatch.GetElapsedTime(since, played.AnsweredAt).TotalMilliseconds);
            _units += played.Units;
            return true;
        }
        catch (Exception exception) when (exception is InvalidDataException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException or RabbitMQClientException)
        {
            _error = exception.Message;
            return false;
        }
    }

    public static LoopResult Sum(IReadOnlyCollection<LoopClient> clients, double seconds) => new(
        clients.Sum(client => client._units),
        seconds,
        [.. clients.SelectMany(client => client._latencies)],
        [.. clients.Select(client => client._error).OfType<string>()]);
}
