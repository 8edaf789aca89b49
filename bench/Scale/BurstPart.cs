using System.Collections.Concurrent;
using System.Diagnostics;
using SandQueue.Bench.Compare.Figures;
using SandQueue.Bench.Compare.Loops;

namespace SandQueue.Bench.Scale;

/// <summary>Thousands of callers who come at once to a farm that was started just now: each creates an instance, then steps it.</summary>
internal static class BurstPart
{
    private const int Few = 256;
    private const double MostSeconds = 10;
    private const double LeastRatio = 0.8;

    public static async Task<IReadOnlyList<Figure>> RunAsync(ScaleOptions options, CancellationToken cancellationToken)
    {
        await using var farm = await ScaleFarm.StartAsync(options.Burst);
        var players = new ConcurrentBag<IPlayer>();
        var latencies = new ConcurrentBag<double>();
        var started = Stopwatch.GetTimestamp();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, options.Burst).Select(_ => Task.Run(
                async () =>
                {
                    players.Add(await farm.OpenAsync(cancellationToken));
                    latencies.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                },
                CancellationToken.None))).WaitAsync(ClosedLoop.Hang, CancellationToken.None);
            IReadOnlyList<IPlayer> all = [.. players];
            var fresh = await farm.StepAsync(all, options.Seconds, cancellationToken);
            var few = new List<double>();
            var many = new List<double>();
            for (var round = 0; round < options.Rounds; round++)
            {
                many.Add((await farm.StepAsync(all, options.Seconds, cancellationToken)).Rate);
                few.Add((await farm.StepAsync([.. all.Take(Few)], options.Seconds, cancellationToken)).Rate);
            }

            double[] sorted = [.. latencies.Order()];
            return
            [
                new Figure("burst_last_create_s", sorted[^1], AtMost: MostSeconds),
                new Figure("burst_median_create_s", Statistics.Percentile(sorted, .5)),
                new Figure("burst_creates_per_s", options.Burst / sorted[^1]),
                new Figure("burst_first_steps_per_s", fresh.Rate),
                new Figure("burst_steps_per_s", Statistics.Median(many)),
                new Figure("burst_few_steps_per_s", Statistics.Median(few)),
                new Figure("burst_many_to_few", Statistics.Median(many.Zip(few, (one, other) => one / other)), AtLeast: LeastRatio),
            ];
        }
        finally
        {
            foreach (var player in players) await player.DisposeAsync();
        }
    }
}
