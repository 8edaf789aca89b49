using System.Diagnostics;
using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;

namespace SandQueue.Farm.Tests;

/// <summary>A worker that is cut off from the broker, and not from the database.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class BrokerCutTests(RabbitMqServer rabbit, PostgresServer postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Its_instances_go_on_at_a_worker_that_is_not_cut_off_and_it_comes_back_when_it_can_receive()
    {
        await using var farm = await TestFarm.NewAsync(rabbit, postgres, new Dictionary<string, string> { ["Gateway:CommandTimeout"] = "00:01:30" });
        await using var line = new TcpProxy(farm.Broker.Port);
        var cut = farm.StartWorker(("Farm:RabbitMq", new UriBuilder(farm.Broker) { Port = line.Port }.Uri.ToString()));
        var gateway = await farm.StartGatewayAsync();
        await farm.AreWorkersAsync(1);
        await Until.TrueAsync("the gateway knows frozenlake", async () => (await gateway.ListTasksAsync()).Status == 200, Limit);
        _ = (await gateway.CreateAsync("cut", Walk.Task)).Good;
        await Walk.StepAsync(gateway, "cut", 1);
        farm.StartWorker();
        await farm.AreWorkersAsync(2);
        var before = await farm.Database.OwnerAsync("cut");
        cut.Is(before).ShouldBeTrue();

        line.Freeze();
        var started = Stopwatch.GetTimestamp();
        var second = await gateway.StepAsync("cut", "up", "cut-2");
        var answeredAfter = Stopwatch.GetElapsedTime(started);

        TestContext.Current.TestOutputHelper?.WriteLine($"answered by another worker {answeredAfter.TotalSeconds:0.0} s after the cut");
        second.Good.GetProperty("info").GetProperty("step").GetInt32().ShouldBe(2);
        cut.Is(await farm.Database.OwnerAsync("cut")).ShouldBeFalse();
        (await farm.Database.WorkersAsync()).ShouldNotContain(name => cut.Is(name), "a worker that cannot receive is no capacity");

        line.Restore();
        await Until.TrueAsync("it comes back", async () => (await farm.Database.WorkersAsync()).Any(name => cut.Is(name) && name != before), Limit, () => cut.Program.LastOutput);
        (await farm.Database.StepsAsync("cut")).Select(step => step.Step).ShouldBe([1, 2]);
    }
}
