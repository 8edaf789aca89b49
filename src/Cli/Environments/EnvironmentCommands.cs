using System.CommandLine;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Environments;

/// <summary><c>envs</c> and <c>tasks</c>.</summary>
internal static class EnvironmentCommands
{
    private static readonly Argument<string> Env = new("env") { Description = "The environment, as 'sandqueue envs' lists it" };
    private static readonly Option<string?> Split = new("--split") { Description = "Part of the data: train, val or test", HelpName = "SPLIT" };
    private static readonly Option<string?> Search = new("--search") { Description = "Only ids that contain this", HelpName = "TEXT" };
    private static readonly Option<int?> Limit = new("--limit") { Description = "At most so many (100 without; 0 for all)", HelpName = "N" };

    public static IEnumerable<Command> All(Surroundings around) =>
    [
        Verb.Of(around, "envs", "List the environments that living workers serve", EnvsAsync),
        Verb.Of(around, "tasks", "List the tasks of an environment", TasksAsync, Env, Split, Search, Limit),
    ];

    private static async Task<int> EnvsAsync(Call call, CancellationToken cancellationToken)
    {
        var served = (await call.Api.GetAsync("v1/environments", cancellationToken)).List("environments") ?? [];
        if (call.IsJson)
        {
            foreach (var environment in served) call.Screen.Json(environment);
            return ExitCode.Fine;
        }

        if (served.Count == 0) call.Screen.Note("no living worker serves an environment; start one, and see 'sandqueue doctor'");
        else call.Screen.Table(["environment", "#tasks", "data", "problems"], served.Select(RowOf));
        return ExitCode.Fine;
    }

    private static string[] RowOf(JsonNode? environment) =>
    [
        environment.Text("env_type") ?? "", Figures.Count(environment.Number("tasks") ?? 0) + (environment.Flag("unlimited") ? "+" : ""), environment.Text("data_source") ?? "",
        string.Join("; ", (environment.List("problems") ?? []).Select(problem => problem?.ToString())),
    ];

    private static async Task<int> TasksAsync(Call call, CancellationToken cancellationToken)
    {
        var most = call.Get(Limit) switch { null => 100, 0 => int.MaxValue, < 0 => throw CliException.Usage("--limit must be 0 or more"), { } given => given };
        var query = string.Concat(
            call.Get(Split) is { } split ? $"&split={Uri.EscapeDataString(split)}" : "", call.Get(Search) is { } search ? $"&search={Uri.EscapeDataString(search)}" : "");
        var path = $"v1/environments/{Uri.EscapeDataString(call.Get(Env))}/tasks?limit={Math.Min(most, 1000)}{query}";
        var shown = 0;
        await foreach (var task in call.Api.PagesAsync(path, "tasks", cancellationToken))
        {
            if (shown++ == most)
            {
                call.Screen.Note($"there are more than {most}; --limit 0 lists all");
                break;
            }

            if (call.IsJson) call.Screen.Json(new JsonObject { ["task_id"] = task.DeepClone() });
            else call.Screen.Line(task.ToString());
        }

        return ExitCode.Fine;
    }
}
