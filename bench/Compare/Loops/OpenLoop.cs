using System.Diagnostics;
using System.Threading.Channels;

namespace SandQueue.Bench.Compare.Loops;

/// <summary>
/// Calls arrive at a fixed rate, whatever becomes of those before; they are dealt to the players in turn. A call that finds its player busy is sent late,
/// and its latency counts from when it was to be sent.
/// </summary>
internal static class OpenLoop
{
    /// <param name="players">Who makes the calls.</param>
    /// <param name="rate">Calls a second.</param>
    /// <param name="length">For how long calls arrive; those that did are all awaited.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TimeoutException">A call hangs.</exception>
    public static async Task<LoopResult> RunAsync(IReadOnlyList<IPlayer> players, double rate, TimeSpan length, CancellationToken cancellationToken)
    {
        List<LoopClient> clients = [.. players.Select(player => new LoopClient(player))];
        List<Channel<long>> due = [.. players.Select(_ => Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true }))];
        var started = Stopwatch.GetTimestamp();
        var pacer = new Thread(() => Deal(due, started, rate, length, cancellationToken)) { IsBackground = true, Name = "arrivals" };
        pacer.Start();
        await Task.WhenAll(clients.Zip(due, (client, calls) => Task.Run(() => PlayAsync(client, calls.Reader, cancellationToken), CancellationToken.None))).WaitAsync(length + ClosedLoop.Hang, CancellationToken.None);
        return LoopClient.Sum(clients, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>When the calls of a rate are due, in timestamps.</summary>
    public static IEnumerable<long> Schedule(long started, double rate, TimeSpan length)
    {
        var count = (int)(rate * length.TotalSeconds);
        for (var call = 0; call < count; call++) yield return started + (long)(call / rate * Stopwatch.Frequency);
    }

    private static void Deal(List<Channel<long>> due, long started, double rate, TimeSpan length, CancellationToken cancellationToken)
    {
        var player = 0;
        foreach (var time in Schedule(started, rate, length))
        {
            ShortSleep.Until(time);
            if (cancellationToken.IsCancellationRequested) break;
            due[player].Writer.TryWrite(time);
            player = (player + 1) % due.Count;
        }

        foreach (var calls in due) calls.Writer.Complete();
    }

    private static async Task PlayAsync(LoopClient client, ChannelReader<long> due, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && await due.WaitToReadAsync(CancellationToken.None))
        {
            while (!cancellationToken.IsCancellationRequested && due.TryRead(out var time))
            {
                if (!await client.TryPlayAsync(time)) return;
            }
        }
    }
}
