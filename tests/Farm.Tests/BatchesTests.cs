using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;

namespace SandQueue.Farm.Tests;

/// <summary>A batch on a farm whose workers die while it is played.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class BatchesTests(SharedFarm farm)
{
    private const int Tasks = 50;

    /// <summary>So many that the batch is far from its end when its worker is killed.</summary>
    private const int Repeats = 20;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_batch_whose_worker_is_killed_is_played_to_its_end_and_its_books_balance()
    {
        await farm.WholeAsync();
        var actions = new JsonArray([.. Enumerable.Range(0, 8).Select(step => (JsonNode)(step % 2 == 0 ? "down" : "right"))]);
        var request = new JsonObject
        {
            ["env_type"] = "frozenlake", ["batch_id"] = "killed", ["split"] = "train", ["sample"] = new JsonObject { ["n"] = Tasks }, ["repeats"] = Repeats, ["concurrency"] = 16,
            ["policy"] = new JsonObject { ["type"] = "recorded", ["actions"] = actions },
        };
        (await farm.Gateways[0].PostAsync("v1/batches", request, key: null)).Status.ShouldBe(201);
        List<string> owners = [];
        await Until.TrueAsync("some have ended, and others are played", async () => Ended(await BatchAsync()) >= 20 && (owners = await farm.Database.RolloutOwnersAsync()).Count > 0, Limit);
        var killed = farm.Owner(owners[0]);

        await killed.Program.KillAsync();

        await Until.TrueAsync("the batch closes", async () => (await BatchAsync()).GetProperty("state").GetString() == "closed", Limit, () => string.Join(Environment.NewLine, killed.Program.LastOutput));
        await farm.WholeAsync();
        var batch = await BatchAsync();
        Ended(batch).ShouldBe(Tasks * Repeats);
        batch.GetProperty("ends").GetProperty("completed").GetInt32().ShouldBe(Tasks * Repeats, batch.GetRawText());
        (await farm.Database.RolloutsAsync("killed")).ShouldAllBe(rollout => rollout.End == 1 && rollout.Attempt == 1);
        (await farm.Database.RolloutsAsync("killed")).Count.ShouldBe(Tasks * Repeats);
    }

    private static int Ended(JsonElement batch) => batch.GetProperty("ends").EnumerateObject().Sum(end => end.Value.GetInt32());

    private async Task<JsonElement> BatchAsync() => (await farm.Gateways[0].GetAsync("v1/batches/killed")).Body;
}
