using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Bench.Farm;

namespace SandQueue.Bench.Batches.Replays;

/// <summary>Recorded episodes as batches: played again, scored again, and played on an environment of which it is known where it differs.</summary>
internal sealed class ReplayPart(BatchesOptions options, Findings findings)
{
    private const string Bfcl = "bfcl";
    private const string Lake = "frozenlake";
    private const int Replayed = 1_000;
    private const int Rescored = 500;
    private const int Drifting = 200;

    /// <summary>So many differences are told of a rollout; episodes are no longer than that.</summary>
    private const int LongestDrifting = 12;

    public async Task<Dictionary<string, object?>> RunAsync()
    {
        await using var changed = await ChangedEnvironment.StartAsync(Lake);
        await using var farm = new BenchFarm(Bfcl, new Dictionary<string, string>(options.BfclSettings())
        {
            [$"Worker:Environments:{Lake}:Enabled"] = "true",
            [$"Worker:Environments:{changed.Name}:Address"] = changed.Address.ToString(),
        });
        await farm.StartAsync(gateways: 1, workers: 2);
        using var caller = new BatchCaller(farm.Urls[0]);
        foreach (var environment in (string[])[Bfcl, Lake, changed.Name]) await caller.ServedAsync(environment);
        return new Dictionary<string, object?>
        {
            ["replay"] = await ReplayAsync(caller),
            ["rescore"] = await RescoreAsync(caller),
            ["drift"] = await DriftAsync(caller, changed),
        };
    }

    private async Task<object> ReplayAsync(BatchCaller caller)
    {
        var lakes = await RecordAsync(caller, "recorded-lakes", Lake, await caller.TasksAsync(Lake, "train"), Replayed / 2, Random(maxSteps: 30));
        var calls = await RecordAsync(caller, "recorded-calls", Bfcl, await caller.TasksAsync(Bfcl, "all"), Replayed / 2, Random(maxSteps: 8));
        var (again, fresh) = (await AgainAsync(caller, "replayed-lakes", Lake, "replay", lakes), await AgainAsync(caller, "replayed-calls", Bfcl, "replay", calls));
        foreach (var result in again.Results.Concat(fresh.Results)) CheckEqual(result);
        return new
        {
            episodes = again.Items + fresh.Items,
            steps = again.Steps + fresh.Steps,
            equal = again.Results.Concat(fresh.Results).Count(IsEqual),
            episodes_per_second = Math.Round((again.Items + fresh.Items) / (again.Seconds + fresh.Seconds), 1),
            seconds = Math.Round(again.Seconds + fresh.Seconds, 1),
            seconds_recorded = Math.Round(lakes.Seconds + calls.Seconds, 1),
        };
    }

    private async Task<object> RescoreAsync(BatchCaller caller)
    {
        var tasks = await caller.TasksAsync(Bfcl, "all", "multi_turn");
        var solved = await RecordAsync(caller, "scored-gold", Bfcl, tasks, Rescored / 2, new JsonObject { ["type"] = "gold" });
        var random = await RecordAsync(caller, "scored-random", Bfcl, tasks, Rescored / 2, Random(maxSteps: 8));
        var again = new[] { await AgainAsync(caller, "rescored-gold", Bfcl, "rescore", solved), await AgainAsync(caller, "rescored-random", Bfcl, "rescore", random) };
        var results = again.SelectMany(batch => batch.Results).ToList();
        foreach (var result in results)
        {
            CheckEqual(result);
            findings.Require(IsSameScore(result), $"{result.GetProperty("rollout_id")}: scored again it got another reward: {result.GetProperty("replay")}");
        }

        return new
        {
            episodes = results.Count,
            steps = again.Sum(batch => batch.Steps),
            same_reward = results.Count(IsSameScore),
            rewards = results.GroupBy(result => result.GetProperty("replay").GetProperty("source_reward").GetRawText()).ToDictionary(group => group.Key, group => group.Count()),
            seconds = Math.Round(again.Sum(batch => batch.Seconds), 1),
        };
    }

    private async Task<object> DriftAsync(BatchCaller caller, ChangedEnvironment changed)
    {
        var recorded = await RecordAsync(caller, "drifting", Lake, await caller.TasksAsync(Lake, "train"), Drifting, Random(LongestDrifting));
        var again = await AgainAsync(caller, "drifted", changed.Name, "replay", recorded);
        var (expected, named, wrong) = (0, 0, 0);
        foreach (var result in again.Results)
        {
            var (task, replay) = (result.GetProperty("task_id").GetString()!, result.GetProperty("replay"));
            var differs = Enumerable.Range(0, replay.GetProperty("source_steps").GetInt32() + 1).Where(step => ChangedEnvironment.Differs(task, step)).ToList();
            var found = replay.GetProperty("differences").EnumerateArray().Select(difference => difference.GetProperty("step").GetInt32()).ToList();
            (expected, named) = (expected + differs.Count, named + found.Count);
            if (found.SequenceEqual(differs) && replay.GetProperty("different").GetInt32() == differs.Count && IsEqual(result) == (differs.Count == 0)) continue;
            wrong++;
            findings.Add($"drift of task {task}: steps {string.Join(' ', differs)} differ, and {string.Join(' ', found)} were named");
        }

        return new
        {
            episodes = again.Items,
            steps = again.Steps,
            steps_that_differ = expected,
            steps_named = named,
            episodes_that_differ = again.Results.Count(result => !IsEqual(result)),
            episodes_with_other_steps_named = wrong,
            seconds = Math.Round(again.Seconds, 1),
        };
    }

    private async Task<PlayedBatch> RecordAsync(BatchCaller caller, string id, string environment, IReadOnlyList<string> tasks, int episodes, JsonObject policy)
    {
        if (tasks.Count == 0) throw new InvalidDataException($"{environment} lists no tasks for {id}");
        var played = await caller.PlayAsync(new JsonObject
        {
            ["env_type"] = environment,
            ["batch_id"] = id,
            ["items"] = new JsonArray([.. Enumerable.Range(0, episodes).Select(place => new JsonObject { ["task_id"] = tasks[place % tasks.Count], ["policy"] = Seeded(policy, place) })]),
        });
        played.CheckAllCompleted(findings);
        findings.Same($"{id}: episodes", episodes, played.Items);
        return played;
    }

    private async Task<PlayedBatch> AgainAsync(BatchCaller caller, string id, string environment, string type, PlayedBatch recorded)
    {
        var items = recorded.Results.Select(result => new JsonObject
        {
            ["task_id"] = result.GetProperty("task_id").GetString(),
            ["policy"] = new JsonObject { ["type"] = type, ["source_instance_id"] = result.GetProperty("instance_id").GetString() },
        });
        var played = await caller.PlayAsync(new JsonObject { ["env_type"] = environment, ["batch_id"] = id, ["items"] = new JsonArray([.. items]) });
        played.CheckAllCompleted(findings);
        findings.Same($"{id}: steps", recorded.Steps, played.Steps);
        return played;
    }

    private void CheckEqual(JsonElement result) => findings.Require(IsEqual(result), $"{result.GetProperty("rollout_id")} of task {result.GetProperty("task_id")} did not come out as it was recorded: {result.GetProperty("replay")}");

    private static bool IsEqual(JsonElement result) => result.GetProperty("replay") is { ValueKind: JsonValueKind.Object } replay && replay.GetProperty("equal").GetBoolean();

    private static bool IsSameScore(JsonElement result) =>
        result.GetProperty("replay") is { ValueKind: JsonValueKind.Object } replay
        && replay.GetProperty("source_reward") is { ValueKind: JsonValueKind.Number } before
        && replay.GetProperty("reward") is { ValueKind: JsonValueKind.Number } now
        && before.GetDouble().Equals(now.GetDouble());

    private static JsonObject Random(int maxSteps) => new() { ["type"] = "random", ["max_steps"] = maxSteps };

    /// <summary>Each draws for itself.</summary>
    private static JsonObject Seeded(JsonObject policy, int place)
    {
        var own = (JsonObject)policy.DeepClone();
        if ((string?)own["type"] == "random") own["seed"] = place;
        return own;
    }
}
