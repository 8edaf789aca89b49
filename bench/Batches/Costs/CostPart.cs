using System.Text.Json.Nodes;
using SandQueue.Bench.Compare.Players;
using SandQueue.Bench.Farm;

namespace SandQueue.Bench.Batches.Costs;

/// <summary>A recorded batch beside the same episodes by clients over HTTP, as many at once, on one farm, turn by turn.</summary>
internal sealed class CostPart(BatchesOptions options, Findings findings)
{
    private const int Episodes = 1_000;
    private const int WarmUp = 200;
    private const int Steps = 20;
    private const int Rounds = 2;

    public async Task<Dictionary<string, object?>> RunAsync()
    {
        await using var farm = new BenchFarm(BfclCalls.Environment);
        await farm.StartAsync(gateways: 1, workers: 1);
        using var caller = new BatchCaller(farm.Urls[0]);
        await caller.ServedAsync(BfclCalls.Environment);
        var http = new HttpEpisodes(farm.Urls[0], options.Concurrency, Steps);
        await caller.PlayAsync(Request("warm-up", WarmUp));
        await http.PlayAsync(WarmUp);
        var (batches, calls) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            // Who comes first has the emptier journal.
            if (round % 2 == 0) batches.Add(await BatchAsync(caller, round));
            calls.Add(await http.PlayAsync(Episodes));
            if (round % 2 == 1) batches.Add(await BatchAsync(caller, round));
        }

        return new Dictionary<string, object?>
        {
            ["episodes"] = Episodes,
            ["steps_per_episode"] = Steps,
            ["concurrency"] = options.Concurrency,
            ["batch_rollouts_per_second"] = batches.Select(seconds => Math.Round(Episodes / seconds, 1)),
            ["batch_steps_per_second"] = batches.Select(seconds => Math.Round(Episodes * Steps / seconds)),
            ["http_rollouts_per_second"] = calls.Select(seconds => Math.Round(Episodes / seconds, 1)),
            ["http_steps_per_second"] = calls.Select(seconds => Math.Round(Episodes * Steps / seconds)),
            ["batch_by_http"] = Math.Round(calls.Sum() / batches.Sum(), 2),
        };
    }

    private async Task<double> BatchAsync(BatchCaller caller, int round)
    {
        var batch = await caller.PlayAsync(Request($"round-{round}", Episodes));
        batch.CheckAllCompleted(findings);
        findings.Same("steps of the batch", Episodes * Steps, batch.Steps);
        return batch.Seconds;
    }

    private JsonObject Request(string id, int episodes) => new()
    {
        ["env_type"] = BfclCalls.Environment,
        ["batch_id"] = id,
        ["tasks"] = new JsonArray(BfclCalls.Task),
        ["repeats"] = episodes,
        ["concurrency"] = options.Concurrency,
        ["params"] = JsonNode.Parse(BfclCalls.LongTurn),
        ["policy"] = new JsonObject { ["type"] = "recorded", ["actions"] = new JsonArray([.. Enumerable.Range(0, Steps).Select(_ => JsonNode.Parse(BfclCalls.Action))]) },
    };
}
