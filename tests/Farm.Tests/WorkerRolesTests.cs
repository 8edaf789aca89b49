using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;

namespace SandQueue.Farm.Tests;

/// <summary>Workers that do one of the two things a worker can do.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class WorkerRolesTests(RabbitMqServer rabbit, PostgresServer postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_batch_is_played_by_a_worker_for_rollouts_on_a_worker_for_environments()
    {
        await using var farm = await TestFarm.NewAsync(rabbit, postgres, new Dictionary<string, string> { ["Worker:Lease"] = "00:00:06" });
        var player = farm.StartWorker(("Worker:Roles:0", "rollouts"));
        farm.StartWorker(("Worker:Roles:0", "environments"));
        var gateway = await farm.StartGatewayAsync();
        await farm.AreWorkersAsync(1);
        await Until.TrueAsync("the other is there, and serves nothing", () => Task.FromResult(player.Process is not null), Limit, () => string.Join(Environment.NewLine, player.Program.LastOutput));
        await Until.TrueAsync("the gateway knows frozenlake", async () => (await gateway.ListTasksAsync()).Status == 200, Limit);
        var request = new JsonObject
        {
            ["env_type"] = "frozenlake", ["batch_id"] = "roles", ["split"] = "train", ["sample"] = new JsonObject { ["n"] = 200 },
            ["policy"] = new JsonObject { ["type"] = "recorded", ["actions"] = new JsonArray("down", "right", "down") },
        };
        (await gateway.PostAsync("v1/batches", request, key: null)).Status.ShouldBe(201);
        var owners = new HashSet<string>();

        await Until.TrueAsync(
            "the batch closes",
            async () =>
            {
                owners.UnionWith(await farm.Database.RolloutOwnersAsync());
                return (await BatchAsync()).GetProperty("state").GetString() == "closed";
            },
            Limit,
            () => string.Join(Environment.NewLine, player.Program.LastOutput));

        (await BatchAsync()).GetProperty("ends").GetProperty("completed").GetInt32().ShouldBe(200);
        owners.Count.ShouldBe(1);
        player.Is(owners.Single()).ShouldBeTrue($"{owners.Single()} had them");
        async Task<JsonElement> BatchAsync() => (await gateway.GetAsync("v1/batches/roles")).Body;
    }
}
