using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;

namespace SandQueue.Farm.Tests;

/// <summary>Actions and answers of many megabytes, on their way through a broker that others use as well.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class LargeMessagesTests(RabbitMqServer rabbit, PostgresServer postgres)
{
    private const int Episodes = 4;

    /// <summary>Nearly all of the 10 MiB that a request may have.</summary>
    private const int ActionBytes = 10_400_000;

    /// <summary>Above the limit of a message, 16 MiB: the reply says that the answer is in the journal.</summary>
    private const int AnswerMegabytes = 17;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>A small step takes milliseconds, and on a machine that is fifteen times overloaded three seconds. Behind large messages it took fourteen.</summary>
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Arrive_whole_and_let_small_ones_pass()
    {
        await using var farm = await TestFarm.NewAsync(rabbit, postgres, new Dictionary<string, string> { ["Worker:Environments:faulty:Enabled"] = "true" });
        var worker = farm.StartWorker();
        var gateway = await farm.StartGatewayAsync();
        await farm.AreWorkersAsync(1);
        await Until.TrueAsync("the gateway knows faulty", async () => (await CreateAsync(gateway, "small")).Status == 200, Limit);

        var large = Task.WhenAll(Enumerable.Range(0, Episodes).Select(index => PlayLargeAsync(gateway, $"large-{index}")));
        var (steps, longest) = await PlaySmallAsync(gateway, large);
        await large;

        TestContext.Current.TestOutputHelper?.WriteLine($"{steps} small steps meanwhile, the longest took {longest.TotalMilliseconds:0} ms");
        longest.ShouldBeLessThan(Stalled);
        worker.Program.Output.ShouldContain(line => line.Contains("is above the limit of 16777216 bytes for one message", StringComparison.Ordinal));
        for (var index = 0; index < Episodes; index++) (await farm.Database.StepsAsync($"large-{index}")).Select(step => step.Step).ShouldBe([1, 2, 3]);
    }

    private static async Task PlayLargeAsync(GatewayProgram gateway, string name)
    {
        _ = (await CreateAsync(gateway, name)).Good;
        var text = new string(name[^1], ActionBytes);
        (Observation((await gateway.StepAsync(name, $"echo {text}", $"{name} echo")).Good) == text).ShouldBeTrue("another text came back");

        var big = (await gateway.StepAsync(name, $"big {AnswerMegabytes}MB", $"{name} big")).Good;
        Observation(big).Length.ShouldBe(AnswerMegabytes << 20);
        (big.GetRawText() == (await gateway.StepAsync(name, $"big {AnswerMegabytes}MB", $"{name} big")).Good.GetRawText()).ShouldBeTrue("the first answer is the answer");
        Observation((await gateway.StepAsync(name, "count")).Good).ShouldBe("steps 3, evaluations 0");
    }

    private static async Task<(int Steps, TimeSpan Longest)> PlaySmallAsync(GatewayProgram gateway, Task large)
    {
        var (steps, longest) = (0, TimeSpan.Zero);
        while (!large.IsCompleted)
        {
            var started = Stopwatch.GetTimestamp();
            Observation((await gateway.StepAsync("small", "count")).Good).ShouldBe($"steps {++steps}, evaluations 0");
            if (Stopwatch.GetElapsedTime(started) is var took && took > longest) longest = took;
        }

        return (steps, longest);
    }

    private static Task<Answer> CreateAsync(GatewayProgram gateway, string name) =>
        gateway.PostAsync("create", new JsonObject { ["env_type"] = "faulty", ["task_id"] = "plain", ["instance_id"] = name }, key: null);

    private static string Observation(JsonElement step) => step.GetProperty("state")[0].GetProperty("content").GetString()!;
}
