using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;

namespace SandQueue.Farm.Tests;

/// <summary>What <c>/readyz</c> says while parts of a farm are missing, and that it says nothing of where they are.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class ReadinessTests(RabbitMqServer rabbit, PostgresServer postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task It_says_which_part_is_missing_and_is_ready_again_once_that_is_back()
    {
        await using var farm = await TestFarm.NewAsync(rabbit, postgres, new Dictionary<string, string> { ["Worker:Lease"] = "00:00:06" });
        var gateway = await farm.StartGatewayAsync();
        await SaysAsync(gateway, "not ready", "workers");

        farm.StartWorker();
        await SaysAsync(gateway, "ready");

        await rabbit.StopAsync();
        try
        {
            await SaysAsync(gateway, "not ready", "broker");
            (await gateway.GetAsync("readyz")).Body.GetProperty("detail").GetString().ShouldBe("not ready: broker: the broker cannot be reached");
        }
        finally
        {
            await rabbit.RunAsync();
        }

        await SaysAsync(gateway, "ready");
        await postgres.StopAsync();
        try
        {
            await Until.TrueAsync("the database is missing", async () => Missing(await gateway.GetAsync("readyz")).Contains("database"), Limit);
            var answer = await gateway.GetAsync("readyz");
            answer.Status.ShouldBe(503);
            answer.Body.ToString().ShouldNotContain("127.0.0.1");
        }
        finally
        {
            await postgres.RunAsync();
        }

        await SaysAsync(gateway, "ready");
    }

    private static Task SaysAsync(GatewayProgram gateway, string status, params string[] missing) => Until.TrueAsync(
        $"it is {status} without {string.Join(", ", missing)}",
        async () => await gateway.GetAsync("readyz") is { Status: not 0 } answer
            && answer.Status == (status == "ready" ? 200 : 503)
            && answer.Body.GetProperty("status").GetString() == status
            && Missing(answer).SequenceEqual(missing),
        Limit,
        () => gateway.Program.LastOutput);

    private static List<string?> Missing(Answer answer) => [.. answer.Body.GetProperty("missing").EnumerateArray().Select(name => name.GetString())];
}
