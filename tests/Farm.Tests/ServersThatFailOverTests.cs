using System.Diagnostics;
using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;

namespace SandQueue.Farm.Tests;

/// <summary>A broker of three nodes and a database with a synchronous standby, each of which loses the one that everybody is connected to.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class ServersThatFailOverTests(RabbitMqServer rabbit, PostgresServer postgres) : IAsyncLifetime
{
    private const int Clients = 32;

    private readonly List<IAsyncDisposable> _servers = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Enumerable.Reverse(_servers)) await server.DisposeAsync();
    }

    [Fact]
    public async Task A_node_of_the_broker_that_is_killed_under_load_loses_nothing()
    {
        var cluster = new RabbitMqServer { Nodes = 3 };
        _servers.Add(cluster);
        Assert.SkipUnless(await cluster.StartAsync(), cluster.Missing ?? "");
        Assert.SkipUnless(cluster.IsOurs, "kills a node, which a named broker is not for");
        await using var farm = await TestFarm.NewAsync(cluster, postgres, Settings(("Farm:RabbitMqNodes", string.Join(',', cluster.OtherNodes))));
        var gateways = await StartAsync(farm);
        var clients = new StubbornClients(gateways, "nodes", Clients, least: 6);
        await clients.AnswerMoreAsync(2 * Clients);

        var killed = Stopwatch.GetTimestamp();
        await cluster.KillFirstNodeAsync();
        await clients.AnswerMoreAsync(Clients);
        var again = Stopwatch.GetElapsedTime(killed);
        _ = (await StubbornClients.CreateAsync([gateways[0]], "without-a-node", Walk.Task)).Good;
        await cluster.RunAsync();
        await clients.AnswerMoreAsync(Clients);

        await SayAsync("a node of three", clients, farm, again);
    }

    [Fact]
    public async Task A_standby_that_takes_over_under_load_loses_nothing()
    {
        var pair = new PostgresServer { HasStandby = true };
        _servers.Add(pair);
        Assert.SkipUnless(await pair.StartAsync(), pair.Missing ?? "");
        Assert.SkipUnless(pair.IsOurs, "kills the database, which a named one is not for");
        await using var farm = await TestFarm.NewAsync(rabbit, pair, Settings());
        var gateways = await StartAsync(farm);
        var clients = new StubbornClients(gateways, "standby", Clients, least: 6);
        await clients.AnswerMoreAsync(2 * Clients);

        var killed = Stopwatch.GetTimestamp();
        await pair.FailOverAsync();
        await clients.AnswerMoreAsync(Clients);
        var again = Stopwatch.GetElapsedTime(killed);
        _ = (await StubbornClients.CreateAsync([gateways[0]], "at-the-standby", Walk.Task)).Good;

        await SayAsync("the primary", clients, farm, again);
    }

    private static async Task<IReadOnlyList<GatewayProgram>> StartAsync(TestFarm farm)
    {
        _ = farm.StartWorker();
        _ = farm.StartWorker();
        GatewayProgram[] gateways = [await farm.StartGatewayAsync(), await farm.StartGatewayAsync()];
        await farm.AreWorkersAsync(2);
        foreach (var gateway in gateways) await Until.TrueAsync("the gateway knows frozenlake", async () => (await gateway.ListTasksAsync()).Status == 200, TimeSpan.FromMinutes(1));
        return gateways;
    }

    private static async Task SayAsync(string what, StubbornClients clients, TestFarm farm, TimeSpan again)
    {
        var steps = await clients.EndAsync(farm.Database);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{what} killed: {steps.Sum()} steps of {Clients} clients, lost 0, doubled 0; {clients.Failed} calls were made again; so many steps as clients were answered {again.TotalSeconds:0.0} s later");
    }

    private static Dictionary<string, string> Settings(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["Worker:Lease"] = "00:00:06", ["Gateway:CommandTimeout"] = "00:00:40", ["Farm:StartTimeout"] = "00:02:00", ["Worker:StartTimeout"] = "00:03:00",
        };
        foreach (var (name, value) in more) settings[name] = value;
        return settings;
    }
}
