using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Policies;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Rollouts;

/// <summary><c>replay</c>, <c>rescore</c> and <c>fork</c>: an episode again, on a fresh instance.</summary>
internal static class ReplayCommands
{
    private static readonly Argument<string> Episode = new("episode") { Description = "Number of the episode, or name of its instance ('sandqueue episodes list')" };
    private static readonly Option<int?> Steps = new("--steps") { Description = "How many of its steps are played again before the policy goes on", HelpName = "K", Required = true };
    private static readonly Option<string?> Env = new("--env") { Description = "Another environment, as one of another image; its own without", HelpName = "ENV" };
    private static readonly Option<string?> Task = new("--task") { Description = "Its task; needed with the number of an episode that is not found among your instances", HelpName = "TASK" };
    private static readonly Option<string?> Params = new("--params") { Description = "Parameters of the create", HelpName = "JSON" };

    public static IEnumerable<Command> All(Surroundings around)
    {
        var then = new PolicyOptions();
        return
        [
            Verb.Of(around, "replay", "Play an episode again and compare every step", (call, end) => RunAsync(call, "replay", end), Episode, Env, Task, Params),
            Verb.Of(around, "rescore", "Play an episode again and evaluate it anew", (call, end) => RunAsync(call, "rescore", end), Episode, Env, Task, Params),
            Verb.Of(around, "fork", "Play the first steps of an episode again, and let a policy go on", (call, end) => ForkAsync(call, then, end), [Episode, Steps, Env, Task, Params, .. then.All]),
        ];
    }

    private static async Task<int> RunAsync(Call call, string type, CancellationToken cancellationToken)
    {
        var policy = new JsonObject { ["type"] = type, ["compare"] = true };
        return Show(call, await RolloutView.PlayAsync(call, await RequestAsync(call, policy, cancellationToken), cancellationToken));
    }

    private static async Task<int> ForkAsync(Call call, PolicyOptions then, CancellationToken cancellationToken)
    {
        var policy = then.Read(call);
        if (call.Get(then.Actions) is { } file) policy["actions"] = new JsonArray([.. JsonInput.Lines(file).Select(line => line.Value)]);
        var fork = new JsonObject { ["type"] = "fork", ["steps"] = call.Get(Steps), ["then"] = policy };
        return RolloutView.Show(call, await RolloutView.PlayAsync(call, await RequestAsync(call, fork, cancellationToken), cancellationToken));
    }

    private static async Task<JsonObject> RequestAsync(Call call, JsonObject policy, CancellationToken cancellationToken)
    {
        var episode = call.Get(Episode);
        var source = await SourceAsync(call, episode, cancellationToken);
        if (source.Number("episode_id") is { } number) policy["episode_id"] = number;
        else policy["source_instance_id"] = episode;
        var request = new JsonObject
        {
            ["env_type"] = call.Get(Env) ?? source.Text("env_type") ?? throw CliException.Usage($"episode {episode} is none of your newest instances; say --env and --task"),
            ["task_id"] = call.Get(Task) ?? source.Text("task_id") ?? throw CliException.Usage($"episode {episode} is none of your newest instances; say --env and --task"),
            ["policy"] = policy,
        };
        if (JsonInput.Object(call.Get(Params), "--params") is { } given) request["params"] = given;
        return request;
    }

    /// <summary>What is known of the episode. A number is looked for among the instances, as episodes have no route of their own.</summary>
    private static async Task<JsonNode> SourceAsync(Call call, string episode, CancellationToken cancellationToken)
    {
        if (!long.TryParse(episode, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return await call.Api.GetAsync($"v1/instances/{Uri.EscapeDataString(episode)}", cancellationToken);
        if (call.Get(Env) is null || call.Get(Task) is null)
            await foreach (var instance in call.Api.PagesAsync("v1/instances?limit=1000", "instances", cancellationToken))
                if (instance.Number("episode_id") == number) return instance;
        return new JsonObject { ["episode_id"] = number };
    }

    private static int Show(Call call, JsonObject rollout)
    {
        var code = RolloutView.Show(call, rollout);
        var replay = rollout.Object("replay");
        if (!call.IsJson && replay is not null) ReplayView.Show(call.Screen, replay);
        return ReplayView.Differs(replay) ? ExitCode.Failed : code;
    }
}
