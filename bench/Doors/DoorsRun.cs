using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using SandQueue.Bench.Farm;
using SandQueue.Bench.Load;
using SandQueue.Client;

namespace SandQueue.Bench.Doors;

/// <summary>The same steps through every door of one farm, door after door: steps a second with so many in flight, and the times of the calls.</summary>
internal static class DoorsRun
{
    private const int WarmUpSteps = 20;

    /// <summary>An episode of this lake ends with its 200th move.</summary>
    private const int TimedSteps = 175;

    public static async Task<int> RunAsync(DoorsOptions options)
    {
        await using var farm = new BenchFarm();
        await farm.StartAsync(gateways: 1, workers: 1);
        var gateway = farm.Urls[0];
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = options.Clients }) { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(90) };
        await using var overHttp = SandQueueClient.OverHttp(gateway);
        await using var overRabbitMq = SandQueueClient.OverRabbitMq(farm.Broker);
        var doors = new List<(string Name, Func<int, IDoorPlayer> Player)>
        {
            ("agentscope", number => new AgentScopePlayer(http, gateway, number)),
            ("rest_by_client", _ => new ClientPlayer(overHttp)),
            ("rest_vector_by_client", _ => new VectorPlayer(overHttp, options.Clients)),
            ("amqp_by_client", _ => new ClientPlayer(overRabbitMq)),
            ("amqp_vector_by_client", _ => new VectorPlayer(overRabbitMq, options.Clients)),
            ("openenv", _ => new OpenEnvPlayer(gateway)),
            ("ors", _ => new OrsPlayer(http)),
            ("mcp", _ => new McpPlayer(http)),
        };
        if (options.Only.Count > 0) doors.RemoveAll(door => !options.Only.Contains(door.Name));
        var (errors, figures) = (0, new Dictionary<string, List<object>>());
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var (name, player) in doors)
            {
                var (failed, figure) = await PlayAsync(player, name.Contains("vector", StringComparison.Ordinal) ? 4 : options.Clients, options.Length);
                errors += failed;
                if (!figures.TryGetValue(name, out var rounds)) figures[name] = rounds = [];
                rounds.Add(figure);
                Console.Error.WriteLine($"{name}: {JsonSerializer.Serialize(figure)}");
            }
        }

        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object> { ["clients"] = options.Clients, ["seconds"] = options.Length.TotalSeconds, ["errors"] = errors, ["doors"] = figures }));
        return errors == 0 ? 0 : 1;
    }

    private static async Task<(int Errors, object Figure)> PlayAsync(Func<int, IDoorPlayer> player, int clients, TimeSpan length)
    {
        var (errors, latencies, steps) = (new ConcurrentQueue<string>(), new ConcurrentQueue<double>(), 0);
        var players = Enumerable.Range(0, clients).Select(player).ToList();
        try
        {
            await Task.WhenAll(players.Select((one, number) => OrErrorAsync(async () =>
            {
                await one.OpenAsync($"8x8-{number}", CancellationToken.None);
                for (var step = 0; step < WarmUpSteps; step++) await one.StepAsync(CancellationToken.None);
            })));
            var started = Stopwatch.GetTimestamp();
            await Task.WhenAll(players.Select(one => Task.Run(() => OrErrorAsync(async () =>
            {
                for (var step = 0; step < TimedSteps && Stopwatch.GetElapsedTime(started) < length; step++)
                {
                    var sent = Stopwatch.GetTimestamp();
                    var taken = await one.StepAsync(CancellationToken.None);
                    latencies.Enqueue(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                    Interlocked.Add(ref steps, taken);
                }
            }))));
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var times = new StepTimes(latencies);
            return (errors.Count, new { steps_per_second = Math.Round(steps / seconds), call_p50_ms = times.Percentile(0.5), call_p99_ms = times.Percentile(0.99), errors = errors.Count, first_error = errors.FirstOrDefault() });
        }
        finally
        {
            await Task.WhenAll(players.Select(one => one.DisposeAsync().AsTask()));
        }

        async Task OrErrorAsync(Func<Task> play)
        {
            try
            {
                await play();
            }
            catch (Exception exception) when (exception is HttpRequestException or InvalidDataException or TaskCanceledException or SandQueueException or System.Net.WebSockets.WebSocketException)
            {
                errors.Enqueue(exception.Message);
            }
        }
    }
}
