using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using SandQueue.Bench.Load;

namespace SandQueue.Bench.Farm;

/// <summary>Many episodes at once over several gateways and workers: all are made, then all step, then all are scored and released.</summary>
internal static class FarmRun
{
    public static async Task<int> RunAsync(FarmOptions options)
    {
        await using var farm = new BenchFarm();
        await farm.StartAsync(options.Gateways, options.Workers);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = options.Episodes }) { Timeout = TimeSpan.FromSeconds(90) };
        await Task.WhenAll(Enumerable.Range(0, options.Workers * 4).Select(index => new EpisodePlayer(http, farm.Urls, $"warm-up-{index}").PlayAsync("8x8-0", 20, CancellationToken.None)));

        var errors = new ConcurrentQueue<string>();
        var latencies = new ConcurrentQueue<double>();
        List<EpisodePlayer> players = [.. Enumerable.Range(0, options.Episodes).Select(index => new EpisodePlayer(http, farm.Urls, $"farm-{index}"))];
        var creating = await AllAsync(players, errors, (player, index) => player.CreateAsync($"8x8-{index}", CancellationToken.None));
        var spread = await farm.InstancesPerWorkerAsync();
        var stepping = await AllAsync(players, errors, async (player, _) =>
        {
            for (var step = 1; step <= options.Steps; step++) latencies.Enqueue(await player.StepAsync(step, CancellationToken.None));
        });
        var ending = await AllAsync(players, errors, (player, _) => player.EndAsync(CancellationToken.None));

        var steps = new StepTimes(latencies);
        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["gateways"] = options.Gateways,
            ["workers"] = options.Workers,
            ["episodes"] = options.Episodes,
            ["steps"] = steps.Count,
            ["errors"] = errors.Count,
            ["first_error"] = errors.FirstOrDefault(),
            ["instances_per_worker"] = spread,
            ["creates_per_second"] = Math.Round(options.Episodes / creating),
            ["steps_per_second"] = Math.Round(steps.Count / stepping),
            ["step_p50_ms"] = steps.Percentile(0.5),
            ["step_p99_ms"] = steps.Percentile(0.99),
            ["evaluated_and_released_per_second"] = Math.Round(options.Episodes / ending),
        }));
        return errors.IsEmpty ? 0 : 1;
    }

    /// <returns>The seconds it took all of them.</returns>
    private static async Task<double> AllAsync(IReadOnlyList<EpisodePlayer> players, ConcurrentQueue<string> errors, Func<EpisodePlayer, int, Task> play)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(players.Select((player, index) => Task.Run(async () =>
        {
            try
            {
                await play(player, index);
            }
            catch (Exception exception) when (exception is HttpRequestException or InvalidDataException or TaskCanceledException)
            {
                errors.Enqueue(exception.Message);
            }
        })));
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
