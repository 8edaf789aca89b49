using System.Diagnostics;
using System.Text.Json;
using RabbitMQ.Client;
using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;
using SandQueue.Testing.Documents;

namespace SandQueue.Farm.Tests;

/// <summary>Tenants that share the door for AMQP.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class AmqpSharingTests(RabbitMqServer rabbit, PostgresServer postgres)
{
    private const int Flood = 300;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Creates_that_wait_for_room_hold_up_nobody_elses_commands_and_nothing_else_of_their_own_tenant()
    {
        await using var farm = await TestFarm.NewAsync(rabbit, postgres, []);
        farm.StartWorker(
            ("Worker:Environments:countdown:Enabled", "true"), ("Worker:Environments:countdown:InstancesPerContainer", "2"), ("Worker:Environments:countdown:MaxContainers", "1"));
        var gateway = await farm.StartGatewayAsync(("API_KEYS", "anna=key-of-anna,berta=key-of-berta"));
        await farm.AreWorkersAsync(1);
        await farm.HasAmqpAsync();
        using (var contract = JsonDocument.Parse(await File.ReadAllBytesAsync(AsyncApiContract.Page, TestContext.Current.CancellationToken)))
        {
            JsonElement.DeepEquals((await gateway.GetAsync("asyncapi.json")).Body, contract.RootElement).ShouldBeTrue("whoever has no key yet can read the contract");
        }

        await using var anna = await AmqpTrainer.ConnectAsync(farm.Broker, direct: true, key: "key-of-anna");
        await using var berta = await AmqpTrainer.ConnectAsync(farm.Broker, direct: true, key: "key-of-berta");
        await Until.TrueAsync("both environments are served", async () => await ServedAsync(anna, "countdown") && await ServedAsync(berta, "frozenlake"), Limit);
        foreach (var name in (string[])["first", "second"]) (await CreateAsync(anna, "countdown", name)).End.ShouldBe("completed");

        var waiting = Enumerable.Range(0, Flood).Select(index => CreateAsync(anna, "countdown", $"waits-{index:000}")).ToList();
        await Until.TrueAsync("more wait than a tenant may hold", async () => (await WaitingAsync(farm)).Sum() > Flood / 3, Limit);

        var started = Stopwatch.GetTimestamp();
        (await CreateAsync(berta, "frozenlake", "free")).End.ShouldBe("completed");
        (await berta.StepAsync("free", "left", "berta-step")).End.ShouldBe("completed");
        var others = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        (await anna.AskAsync("""{"command":"get_info","instance_id":"first"}""")).End.ShouldBe("completed");
        (await CreateAsync(anna, "frozenlake", "free")).End.ShouldBe("completed");
        var own = Stopwatch.GetElapsedTime(started);
        TestContext.Current.TestOutputHelper?.WriteLine($"beside {Flood} Creates that wait: another tenant's create and step {others.TotalMilliseconds:0} ms, its own other commands {own.TotalMilliseconds:0} ms");
        others.ShouldBeLessThan(TimeSpan.FromSeconds(20), "those who wait for room wait most of a minute");
        own.ShouldBeLessThan(TimeSpan.FromSeconds(20));

        // Room that comes is for those who asked first: as many as a gateway lets a tenant ask for at once.
        (await anna.AskAsync("""{"command":"release","instance_id":"first"}""")).End.ShouldBe("completed");
        var made = await await Task.WhenAny(waiting);
        made.End.ShouldBe("completed");
        waiting.FindIndex(create => create.IsCompleted).ShouldBeLessThan(64);
    }

    [Fact]
    public async Task Commands_that_were_moved_are_lost_by_no_gateway_that_is_killed()
    {
        const int Creates = 60;
        await using var farm = await TestFarm.NewAsync(rabbit, postgres, new Dictionary<string, string> { ["Gateway:AmqpPrefetch"] = "8", ["Gateway:AmqpTenantShare"] = "2" });
        farm.StartWorker();
        var doomed = await farm.StartGatewayAsync();
        await farm.AreWorkersAsync(1);
        await farm.HasAmqpAsync();
        await using var trainer = await AmqpTrainer.ConnectAsync(farm.Broker);
        await Until.TrueAsync("frozenlake is served", () => ServedAsync(trainer, "frozenlake"), Limit);

        var created = Enumerable.Range(0, Creates).Select(index => CreateAsync(trainer, "frozenlake", $"moved-{index}")).ToList();
        await Until.TrueAsync("some are moved", async () => (await WaitingAsync(farm)).Sum() > 0 || created.Count(create => create.IsCompleted) > Creates / 3, Limit);
        await doomed.Program.KillAsync();
        await farm.StartGatewayAsync();

        (await Task.WhenAll(created)).ShouldAllBe(reply => reply.End == "completed");
        (await farm.Database.OwnersAsync("moved-")).Values.Sum().ShouldBe(Creates);
    }

    private static async Task<List<int>> WaitingAsync(TestFarm farm)
    {
        var counts = new List<int>();
        await using var connection = await new ConnectionFactory { Uri = farm.Broker }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var kind in (string[])["creates", "others"])
        {
            for (var number = 0; number < 8; number++) counts.Add((int)await channel.MessageCountAsync($"sandqueue.waiting.{kind}.{number}"));
        }

        return counts;
    }

    private static async Task<bool> ServedAsync(AmqpTrainer trainer, string environment) =>
        (await trainer.AskAsync($$"""{"command":"profile","env_type":"{{environment}}"}""")).End == "completed";

    private static Task<AmqpReceived> CreateAsync(AmqpTrainer trainer, string environment, string name) => trainer.AskAsync(
        $$"""{"command":"create","env_type":"{{environment}}","task_id":"{{(environment == "frozenlake" ? Walk.Task : "4-17")}}","instance_id":"{{name}}"}""", name);
}
