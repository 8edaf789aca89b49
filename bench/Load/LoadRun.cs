using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace SandQueue.Bench.Load;

/// <summary>Plays many episodes at once and counts what came back: errors, wrong step numbers, time.</summary>
internal static class LoadRun
{
    public static async Task<int> RunAsync(LoadOptions options)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = options.Clients }) { Timeout = TimeSpan.FromSeconds(60) };
        if (options.Key is { } key) http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        await new EpisodePlayer(http, options.Gateways, "warm-up").PlayAsync("8x8-0", 5, CancellationToken.None);

        var errors = new ConcurrentQueue<string>();
        var latencies = new ConcurrentQueue<double>();
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, options.Episodes),
            new ParallelOptions { MaxDegreeOfParallelism = options.Clients },
            async (episode, cancellationToken) =>
            {
                try
                {
                    foreach (var latency in await new EpisodePlayer(http, options.Gateways, $"load-{Guid.NewGuid():n}").PlayAsync($"8x8-{episode}", options.Steps, cancellationToken))
                    {
                        latencies.Enqueue(latency);
                    }
                }
                catch (Exception exception) when (exception is HttpRequestException or InvalidDataException or TaskCanceledException)
                {
                    errors.Enqueue(exception.Message);
                }
            });
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;

        var steps = new StepTimes(latencies);
        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["episodes"] = options.Episodes,
            ["clients"] = options.Clients,
            ["steps"] = steps.Count,
            ["errors"] = errors.Count,
            ["first_error"] = errors.FirstOrDefault(),
            ["seconds"] = Math.Round(seconds, 2),
            ["steps_per_second"] = Math.Round(steps.Count / seconds),
            ["step_p50_ms"] = steps.Percentile(0.5),
            ["step_p99_ms"] = steps.Percentile(0.99),
        }));
        return errors.IsEmpty ? 0 : 1;
    }
}
