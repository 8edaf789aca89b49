using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;

namespace SandQueue.Farm.Tests;

/// <summary>Programs of two versions on one broker and database, as during an update.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class OtherVersionsTests(RabbitMqServer rabbit, PostgresServer postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_worker_of_another_version_is_told_of_in_one_line_is_sent_nothing_and_keeps_what_it_owns()
    {
        await using var farm = await TestFarm.NewAsync(rabbit, postgres, []);
        var first = farm.StartWorker();
        await farm.AreWorkersAsync(1);
        await farm.Database.RegisterAsync("later.1", version: "9.9.9", contract: 99, """[{"env_type":"later","tasks":1,"unlimited":false,"data_source":"","problems":[]}]""");

        var second = farm.StartWorker();
        var gateway = await farm.StartGatewayAsync();
        await Until.TrueAsync("both serve", () => Task.FromResult(first.Process is not null && second.Process is not null), Limit, () => second.Program.LastOutput);
        var walks = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Walk.RunAsync(gateway, [gateway], $"beside-{index}", steps: 3)));
        var unserved = await gateway.PostAsync("create", new System.Text.Json.Nodes.JsonObject { ["env_type"] = "later", ["task_id"] = "1" }, key: null);
        _ = (await gateway.CreateAsync("ours")).Good;
        await farm.Database.GiveAsync("ours", "later.1", name: "theirs");
        var (step, release, create) = (await gateway.StepAsync("theirs", "left", "k1"), await gateway.ReleaseAsync("theirs", "k2"), await gateway.CreateAsync("theirs", key: "k3"));

        foreach (var refused in (Answer[])[step, release, create])
        {
            refused.Status.ShouldBe(503);
            refused.Body.GetProperty("detail").GetString()!.ShouldStartWith("instance 'theirs' is owned by a living worker of version 9.9.9, which speaks messages 99, not ");
        }

        walks.ShouldAllBe(seen => seen.SequenceEqual(walks[0]));
        unserved.Status.ShouldBe(503, "the environment exists, and is no mistake of the caller's");
        unserved.Body.GetProperty("detail").GetString().ShouldBe("no living worker serves 'later' now; try again");
        gateway.Program.Output.Where(line => line.Contains("another", StringComparison.Ordinal) || line.Contains("is left out", StringComparison.Ordinal))
            .ShouldHaveSingleItem().ShouldContain("worker later.1 is left out: its version 9.9.9 speaks messages 99, this gateway speaks");
        second.Program.Output.Where(line => line.Contains("speak others", StringComparison.Ordinal))
            .ShouldHaveSingleItem().ShouldContain("and 1 living workers speak others: 9.9.9 (99); gateways send each to its own");
    }
}
