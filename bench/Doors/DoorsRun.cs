using System.Text.Json;
using SandQueue.Bench.Farm;
using SandQueue.Client;

namespace SandQueue.Bench.Doors;

/// <summary>Steps a second of the .NET client over each transport beside AgentScope's surface, on one farm, by turns.</summary>
internal static class DoorsRun
{
    public static async Task<int> RunAsync(DoorsOptions options)
    {
        await using var farm = new BenchFarm();
        await farm.StartAsync(gateways: 1, options.Workers);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = options.Clients });
        await using var overHttp = SandQueueClient.OverHttp(farm.Urls[0]);
        await using var overRabbitMq = SandQueueClient.OverRabbitMq(farm.Broker);
        Door[] doors =
        [
            Door.AgentScope(http, farm.Urls[0]), Door.Single("client_http", overHttp), Door.Vector("client_http_vector", overHttp),
            Door.Single("client_rabbitmq", overRabbitMq), Door.Vector("client_rabbitmq_vector", overRabbitMq),
        ];
        var measured = doors.ToDictionary(door => door.Name, _ => new List<double>());

        // The first round warms up, and counts for nothing.
        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var door in doors)
            {
                var instances = await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(index => overHttp.CreateAsync("frozenlake", $"8x8-{index}")));
                var speed = await door.RunAsync([.. instances.Select(instance => instance.InstanceId)], options.Steps);
                if (round > 0) measured[door.Name].Add(Math.Round(speed));
                await Task.WhenAll(instances.Select(instance => instance.ReleaseAsync()));
            }
        }

        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["in_flight"] = options.Clients,
            ["steps_a_round"] = options.Clients * options.Steps,
            ["load_average"] = (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0],
            ["steps_per_second"] = measured.ToDictionary(door => door.Key, door => door.Value.Order().ElementAt(door.Value.Count / 2)),
            ["rounds"] = measured,
        }));
        return 0;
    }
}
