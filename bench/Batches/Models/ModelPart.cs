using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using SandQueue.Bench.Farm;
using SandQueue.ModelServers;

namespace SandQueue.Bench.Batches.Models;

/// <summary>200 tasks, four times each, played by an endpoint that does everything that endpoints do; then the report is compared with what the endpoint knows.</summary>
internal sealed class ModelPart(Findings findings)
{
    private const int Tasks = 200;
    private const int Members = 4;
    private const int Retries = 2;

    /// <summary>More than are played: some lakes ask the same, and the endpoint knows tasks by what they ask.</summary>
    private const int Candidates = 300;

    public async Task<Dictionary<string, object?>> RunAsync()
    {
        await using var farm = new BenchFarm("frozenlake", new Dictionary<string, string> { ["Rollouts:Endpoints:Allow:0"] = "loopback" });
        await farm.StartAsync(gateways: 1, workers: 2);
        await using var database = NpgsqlDataSource.Create(farm.Database);
        using var caller = new BatchCaller(farm.Urls[0]);
        await caller.ServedAsync("frozenlake");
        var solved = await caller.PlayAsync(new JsonObject
        {
            ["env_type"] = "frozenlake",
            ["batch_id"] = "solutions",
            ["split"] = "train",
            ["sample"] = new JsonObject { ["n"] = Candidates, ["seed"] = 1 },
            ["policy"] = new JsonObject { ["type"] = "gold" },
        });
        var tasks = (await GoldTask.ReadAsync(database, solved)).Take(Tasks).ToList();
        if (tasks.Count < Tasks) throw new InvalidDataException($"only {tasks.Count} of {Candidates} tasks have a solution and a text of their own; {Tasks} are needed");
        var model = new PlannedModel(tasks);
        await using var server = await ModelServer.StartAsync(model.Reply);
        var played = await caller.PlayAsync(Request(server, tasks));
        return Figures(played, model, server, await caller.GetAsync("v1/batches/model/report?format=json"));
    }

    private static JsonObject Request(ModelServer server, IEnumerable<GoldTask> tasks) => new()
    {
        ["env_type"] = "frozenlake",
        ["batch_id"] = "model",
        ["tasks"] = new JsonArray([.. tasks.Select(task => (JsonNode)task.TaskId)]),
        ["repeats"] = Members,
        ["policy"] = new JsonObject
        {
            ["type"] = "model", ["base_url"] = server.Address, ["model"] = "planned", ["request_timeout_s"] = 10, ["retries"] = Retries, ["max_steps"] = 40,
        },
    };

    private Dictionary<string, object?> Figures(PlayedBatch played, PlannedModel model, ModelServer server, JsonElement report)
    {
        played.Check(findings);
        int Of(Behaviour behaviour) => model.Expected(behaviour, Members);
        var golden = Of(Behaviour.Gold) + Of(Behaviour.BusyOnce);
        var (valid, items) = (golden + Of(Behaviour.Wanders), Tasks * Members);
        var missing = items - valid;

        // What the endpoint did is what was planned; those that may be asked again were asked so often.
        CheckServer(model, Of);
        var coverage = report.GetProperty("coverage");
        findings.Same("report: items", items, coverage.GetProperty("items").GetInt32());
        findings.Same("report: valid", valid, coverage.GetProperty("valid").GetInt32());
        findings.Same("report: trainable", valid, coverage.GetProperty("trainable").GetInt32());
        findings.Same("report: completed", valid, coverage.GetProperty("ends").GetProperty("completed").GetInt32());
        findings.Same("report: failed", missing, coverage.GetProperty("ends").GetProperty("failed").GetInt32());
        findings.Same("report: cause policy", missing, coverage.GetProperty("causes").TryGetProperty("policy", out var policy) ? policy.GetInt32() : 0);
        findings.Same("report: causes", missing, coverage.GetProperty("causes").EnumerateObject().Sum(cause => cause.Value.GetInt32()));
        Close("report: mean", (double)golden / valid, report.GetProperty("reward").GetProperty("mean").GetDouble());
        var bounds = coverage.GetProperty("bounds");
        Close("report: lower bound", (double)golden / items, bounds[0].GetDouble());
        Close("report: upper bound", (double)(golden + missing) / items, bounds[1].GetDouble());
        findings.Same("rewards of 1", golden, played.Rewards.Values.Count(reward => reward == 1));
        findings.Same("rollouts that may be played again", missing - Of(Behaviour.Refuses), played.Results.Count(result => result.GetProperty("end").GetString() == "failed" && result.GetProperty("retryable").GetBoolean()));
        return new Dictionary<string, object?>
        {
            ["items"] = items,
            ["ends"] = played.Ends,
            ["causes"] = coverage.GetProperty("causes"),
            ["failures"] = coverage.GetProperty("failures"),
            ["valid"] = coverage.GetProperty("valid"),
            ["reward"] = report.GetProperty("reward"),
            ["expected_mean"] = Math.Round((double)golden / valid, 6),
            ["bounds"] = bounds,
            ["pass"] = report.GetProperty("pass"),
            ["endpoint_did"] = model.Did.ToDictionary(did => did.Key.ToString(), did => did.Value),
            ["endpoint_calls"] = server.Calls.Count,
            ["seconds"] = Math.Round(played.Seconds, 1),
        };
    }

    private void CheckServer(PlannedModel model, Func<Behaviour, int> expected)
    {
        foreach (var behaviour in Enum.GetValues<Behaviour>())
        {
            var asked = expected(behaviour) * (behaviour is Behaviour.Fails or Behaviour.BreaksOff ? Retries + 1 : 1);

            // Of a group the first is told to come again, and then is as the others are.
            if (behaviour == Behaviour.BusyOnce) asked /= Members;
            if (behaviour == Behaviour.Gold) asked += expected(Behaviour.BusyOnce);
            findings.Same($"first calls that the endpoint met with {behaviour}", asked, model.Did.GetValueOrDefault(behaviour));
        }
    }

    private void Close(string what, double expected, double found)
    {
        if (Math.Abs(expected - found) > 1e-12) findings.Same(what, expected, found);
    }
}
