using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Cli.Batches;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Rollouts;

/// <summary><c>drift</c>: many episodes again, as one batch, and which of them come out otherwise.</summary>
internal static class DriftCommand
{
    private static readonly Argument<string> Env = new("env") { Description = "The environment whose episodes are played again" };
    private static readonly Option<string?> On = new("--on") { Description = "Environment to play them on, as one of another image; the same without", HelpName = "ENV" };
    private static readonly Option<int> Limit = new("--limit") { Description = "At most so many episodes, the newest first", HelpName = "N", DefaultValueFactory = _ => 100 };
    private static readonly Option<int?> Concurrency = new("--concurrency") { Description = "Most replays at once", HelpName = "N" };
    private static readonly Option<string?> Name = new("--name") { Description = "A name for people", HelpName = "TEXT" };

    public static Command Drift(Surroundings around) => Verb.Of(around, "drift", "Play many episodes again, and name those that come out otherwise", RunAsync, Env, On, Limit, Concurrency, Name);

    private static async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var items = await ItemsAsync(call, cancellationToken);
        if (items.Count == 0) throw new CliException(ExitCode.Failed, $"{call.Get(Env)} has no episode of yours that took a step; 'sandqueue episodes list --env {call.Get(Env)}' lists its instances");

        var request = new JsonObject { ["env_type"] = call.Get(On) ?? call.Get(Env), ["batch_id"] = $"drift-{Guid.NewGuid():n}", ["items"] = items };
        if (call.Get(Concurrency) is { } concurrency) request["concurrency"] = concurrency;
        if (call.Get(Name) is { } name) request["name"] = name;
        using var body = RestApi.Content(request);
        var batch = new BatchState(await call.Api.SendAsync(HttpMethod.Post, "v1/batches", body, cancellationToken));
        call.Screen.Note($"Batch {batch.Id}: {Figures.Count(items.Count)} episodes are played again.");
        var code = await BatchWatch.UntilClosedAsync(call, batch.Id, leastValid: 1, cancellationToken);
        return code is ExitCode.Fine or ExitCode.Failed ? Math.Max(code, await CompareAsync(call, batch.Id, cancellationToken)) : code;
    }

    private static async Task<JsonArray> ItemsAsync(Call call, CancellationToken cancellationToken)
    {
        var items = new JsonArray();
        await foreach (var instance in call.Api.PagesAsync($"v1/instances?limit=1000&env_type={Uri.EscapeDataString(call.Get(Env))}", "instances", cancellationToken))
        {
            if (instance.Number("steps") is not > 0) continue;

            items.Add((JsonNode)new JsonObject { ["task_id"] = instance.Text("task_id"), ["policy"] = new JsonObject { ["type"] = "replay", ["episode_id"] = instance.Number("episode_id"), ["compare"] = true } });
            if (items.Count == call.Get(Limit)) break;
        }

        return items;
    }

    private static async Task<int> CompareAsync(Call call, string batch, CancellationToken cancellationToken)
    {
        var (equal, differing) = (0, new List<JsonNode>());
        await foreach (var line in call.Api.LinesAsync(HttpMethod.Get, $"v1/batches/{Uri.EscapeDataString(batch)}/results", body: null, cancellationToken))
        {
            var rollout = JsonSerializer.Deserialize<JsonNode>(line);
            if (ReplayView.Differs(rollout.Object("replay"))) differing.Add(rollout!);
            else if (rollout.Object("replay") is not null) equal++;
        }

        if (call.IsJson)
        {
            call.Screen.Json(new JsonObject { ["batch"] = batch, ["equal"] = equal, ["different"] = differing.Count, ["tasks"] = new JsonArray([.. differing.Select(rollout => JsonValue.Create(rollout.Text("task_id")))]) });
            return differing.Count > 0 ? ExitCode.Failed : ExitCode.Fine;
        }

        foreach (var rollout in differing)
        {
            call.Screen.Line($"{rollout.Text("task_id")} ({rollout.Text("rollout_id")}):");
            ReplayView.Show(call.Screen, rollout.Object("replay")!);
        }

        call.Screen.Line($"{Figures.Count(equal)} episodes are equal, {Figures.Count(differing.Count)} differ");
        return differing.Count > 0 ? ExitCode.Failed : ExitCode.Fine;
    }
}
