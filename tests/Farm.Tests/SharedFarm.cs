using SandQueue.Farm.Tests;
using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;

[assembly: AssemblyFixture(typeof(RabbitMqServer))]
[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace SandQueue.Farm.Tests;

/// <summary>Two gateways and three workers that the tests of a class share, and make whole again after they broke it.</summary>
public sealed class SharedFarm(RabbitMqServer rabbit, PostgresServer postgres) : IAsyncLifetime
{
    private const int Workers = 3;

    private readonly List<WorkerProgram> _workers = [];
    private readonly List<GatewayProgram> _gateways = [];
    private TestFarm? _farm;

    internal RabbitMqServer Rabbit => rabbit;

    internal FarmDatabase Database => _farm!.Database;

    internal Uri Broker => _farm!.Broker;

    internal IReadOnlyList<GatewayProgram> Gateways => _gateways;

    internal IReadOnlyList<WorkerProgram> Living => [.. _workers.Where(worker => !worker.Program.HasExited)];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts what is missing, and waits until all of it serves. Every test begins with this.</summary>
    internal async Task WholeAsync()
    {
        _farm ??= await TestFarm.NewAsync(rabbit, postgres, new Dictionary<string, string>
        {
            ["Worker:Lease"] = "00:00:06",
            ["Gateway:CommandTimeout"] = "00:00:40",
        });
        while (Living.Count < Workers) _workers.Add(_farm.StartWorker());
        while (_gateways.Count < 2) _gateways.Add(await _farm.StartGatewayAsync());
        await _farm.AreWorkersAsync(Workers);
        await Until.TrueAsync("every worker says what it serves", () => Task.FromResult(Living.All(worker => worker.Process is not null)), TimeSpan.FromMinutes(1));

        // The gateways look at the fleet every two seconds.
        foreach (var gateway in _gateways)
        {
            await Until.TrueAsync("the gateway knows frozenlake", async () => (await gateway.ListTasksAsync()).Status == 200, TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>The same, and until the exchange is there that trainers publish to.</summary>
    internal async Task WithAmqpAsync()
    {
        await WholeAsync();
        await _farm!.HasAmqpAsync();
    }

    internal Task<GatewayProgram> StartGatewayAsync() => _farm!.StartGatewayAsync();

    /// <summary>Kills the gateway that runs longest; another takes its place.</summary>
    internal async Task KillGatewayAsync()
    {
        var killed = _gateways[0];
        _gateways.RemoveAt(0);
        await killed.Program.KillAsync();
        _gateways.Add(await _farm!.StartGatewayAsync());
    }

    internal WorkerProgram Owner(string worker) => Living.Single(living => living.Is(worker));

    public async ValueTask DisposeAsync()
    {
        if (_farm is not null) await _farm.DisposeAsync();
    }
}
