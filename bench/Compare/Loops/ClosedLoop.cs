using System.Diagnostics;

namespace SandQueue.Bench.Compare.Loops;

/// <summary>Each player makes its next call when the one before was answered.</summary>
internal static class ClosedLoop
{
    /// <summary>How long the last calls of a loop may hang.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(90);

    /// <exception cref="TimeoutException">A call hangs.</exception>
    public static async Task<LoopResult> RunAsync(IReadOnlyList<IPlayer> players, TimeSpan length, CancellationToken cancellationToken)
    {
        List<LoopClient> clients = [.. players.Select(player => new LoopClient(player))];
        var started = Stopwatch.GetTimestamp();
        var end = started + (long)(length.TotalSeconds * Stopwatch.Frequency);

        // Who cancels waits for the calls under way: their connections are needed to release instances.
        await Task.WhenAll(clients.Select(client => Task.Run(() => PlayAsync(client, end, cancellationToken), CancellationToken.None))).WaitAsync(length + Hang, CancellationToken.None);
        return LoopClient.Sum(clients, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static async Task PlayAsync(LoopClient client, long end, CancellationToken cancellationToken)
    {
        while (Stopwatch.GetTimestamp() is var sent && sent < end && !cancellationToken.IsCancellationRequested && await client.TryPlayAsync(sent))
        {
        }
    }
}
