using System.CommandLine;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Episodes;

/// <summary><c>episodes list</c> and <c>episodes show</c>.</summary>
internal static class EpisodeCommands
{
    private static readonly Argument<string> Instance = new("instance") { Description = "The instance's name" };
    private static readonly Option<string?> Env = new("--env") { Description = "Only this environment", HelpName = "ENV" };
    private static readonly Option<string?> State = new("--state") { Description = "Only this state, as live or released", HelpName = "STATE" };
    private static readonly Option<int> Limit = new("--limit") { Description = "At most so many", HelpName = "N", DefaultValueFactory = _ => 20 };

    public static Command Episodes(Surroundings around) => Verb.Group(
        "episodes",
        "Read episodes from the journal",
        Verb.Of(around, "list", "List your instances and their episodes, the newest first", ListAsync, Env, State, Limit),
        Verb.Of(around, "show", "Show the episode of an instance, message by message", ShowAsync, Instance));

    private static async Task<int> ListAsync(Call call, CancellationToken cancellationToken)
    {
        var most = Math.Clamp(call.Get(Limit), 1, int.MaxValue);
        var path = $"v1/instances?limit={Math.Min(most, 1000)}" + (call.Get(Env) is { } env ? $"&env_type={Uri.EscapeDataString(env)}" : "") + (call.Get(State) is { } state ? $"&state={Uri.EscapeDataString(state)}" : "");
        var found = new List<JsonNode>();
        await foreach (var instance in call.Api.PagesAsync(path, "instances", cancellationToken))
        {
            found.Add(instance);
            if (found.Count == most) break;
        }

        if (call.IsJson) found.ForEach(call.Screen.Json);
        else call.Screen.Table(["#episode", "instance", "environment", "task", "state", "#steps", "end"], found.Select(IReadOnlyList<string> (row) =>
            [row.Text("episode_id") ?? "", row.Text("instance_id") ?? "", row.Text("env_type") ?? "", row.Text("task_id") ?? "", row.Text("state") ?? "", row.Text("steps") ?? "", row.Text("end_reason") ?? ""]));
        return ExitCode.Fine;
    }

    private static async Task<int> ShowAsync(Call call, CancellationToken cancellationToken)
    {
        var path = $"v1/instances/{Uri.EscapeDataString(call.Get(Instance))}";
        if (!call.IsJson)
        {
            var instance = await call.Api.GetAsync(path, cancellationToken);
            call.Screen.Line($"{instance.Text("instance_id")}: {instance.Text("env_type")}, task {instance.Text("task_id")}, {instance.Text("state")}, {instance.Text("steps")} steps{(instance.Text("end_reason") is { } end ? $", ended by {end}" : "")} (episode {instance.Text("episode_id")})");
        }

        await foreach (var entry in call.Api.PagesAsync($"{path}/episode?limit=100", "entries", cancellationToken))
        {
            if (call.IsJson) call.Screen.Json(entry);
            else Show(call, entry);
        }

        return ExitCode.Fine;
    }

    private static void Show(Call call, JsonNode entry)
    {
        var answer = entry.Member("answer");
        call.Screen.Line("");
        call.Screen.Line($"-- {entry.Text("kind")}{(entry.Text("step") is { } step ? $" {step}" : "")}");
        if (entry.Member("action") is { } action) MessageView.Show(call.Screen, action);
        foreach (var message in (answer as JsonArray) ?? answer.List("state") ?? []) MessageView.Show(call.Screen, message);
        if (answer.Real("reward") is { } reward) call.Screen.Line($"reward {Figures.Plain(reward)}{(answer.Flag("is_terminated") ? ", the episode is over" : "")}");
        if (answer is JsonValue) call.Screen.Line(answer.ToString());
        else if (answer.Real("score") is { } score) call.Screen.Line($"score {Figures.Plain(score)}");
    }
}
