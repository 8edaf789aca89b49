using System.Diagnostics;
using System.Net;
using SandQueue.Bench.Compare.Loops;
using SandQueue.Bench.Compare.Players;

namespace SandQueue.Bench.Batches.Costs;

/// <summary>Episodes by clients that cost as little as they can: each has one connection and plays one episode after the other.</summary>
internal sealed class HttpEpisodes(Uri gateway, int clients, int steps)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <returns>Seconds until all were created, stepped, evaluated and released.</returns>
    /// <exception cref="InvalidDataException">A call was not answered as it has to be.</exception>
    /// <exception cref="TimeoutException">A call hangs.</exception>
    public async Task<double> PlayAsync(int episodes)
    {
        await using var opening = new Opening();
        var address = new IPEndPoint(IPAddress.Loopback, gateway.Port);
        await opening.AddAsync(clients, _ => EpisodePlayer.OpenAsync(address, steps, CancellationToken.None), CancellationToken.None);
        var (left, started) = (episodes, Stopwatch.GetTimestamp());
        await Task.WhenAll(opening.Players.Select(player => Task.Run(() => PlayAllAsync(player)))).WaitAsync(Limit);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;

        async Task PlayAllAsync(IPlayer player)
        {
            while (Interlocked.Decrement(ref left) >= 0) await player.PlayAsync();
        }
    }
}
