using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Validation;

/// <summary><c>validate</c>: whether each task of a split can be solved, and only by solving it.</summary>
internal static class ValidateCommand
{
    private static readonly Argument<string> Env = new("env") { Description = "The environment" };
    private static readonly Option<string?> Split = new("--split") { Description = "Part of the data: train, val or test", HelpName = "SPLIT" };
    private static readonly Option<int?> Sample = new("--sample") { Description = "So many tasks, drawn by --seed; all without", HelpName = "N" };
    private static readonly Option<long?> Seed = new("--seed") { Description = "Seed of the sample and of the noise", HelpName = "N" };
    private static readonly Option<int?> Concurrency = new("--concurrency") { Description = "Most rollouts at once", HelpName = "N" };

    public static Command Validate(Surroundings around) => Verb.Of(
        around, "validate", "Play tasks with gold, with nothing and with noise, and name those that are wrong", RunAsync, Env, Split, Sample, Seed, Concurrency);

    private static async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Get(Sample) is <= 0) throw CliException.Usage($"--sample is {call.Get(Sample)}; it must be above 0");
        var request = new JsonObject();
        foreach (var (name, value) in (ReadOnlySpan<(string, JsonNode?)>)[("split", call.Get(Split)), ("sample", call.Get(Sample)), ("seed", call.Get(Seed)), ("concurrency", call.Get(Concurrency))])
            if (value is not null) request[name] = value;
        using var body = RestApi.Content(request);

        var failed = new List<JsonObject>();
        JsonObject? summary = null;
        var done = 0;
        await foreach (var line in call.Api.LinesAsync(HttpMethod.Post, $"v1/environments/{Uri.EscapeDataString(call.Get(Env))}/validations", body, cancellationToken))
        {
            var task = Read(line);
            if (call.IsJson) call.Screen.Json(task);
            if (task.Object("summary") is { } end)
            {
                summary = end;
                continue;
            }

            done++;
            if (task.List("failed") is not { Count: > 0 }) continue;

            failed.Add(task);
            if (!call.IsJson) call.Screen.Note($"{task.Text("task_id")}: {task.Text("detail") ?? string.Join(", ", task.List("failed")!.Select(check => check?.ToString()))}");
        }

        if (summary is null) throw new CliException(ExitCode.GatewayFailed, $"the validation broke off after {done} tasks; run it again");
        if (!call.IsJson) Show(call, failed, summary);
        return summary.Number("failed") is null or > 0 ? ExitCode.Failed : ExitCode.Fine;
    }

    private static void Show(Call call, List<JsonObject> failed, JsonObject summary)
    {
        if (failed.Count > 0)
            call.Screen.Table(
                ["task", "#gold", "#nothing", "#noise", "same twice", "failed", "detail"],
                failed.Select(IReadOnlyList<string> (task) =>
                [
                    task.Text("task_id") ?? "", Score(task, "gold") + (task.Real("maximum") is { } most ? $" of {Figures.Plain(most)}" : ""), Score(task, "nothing"), Score(task, "noise"), task.Member("repeat_equal") is null ? Figures.None : task.Flag("repeat_equal") ? "yes" : "no",
                    string.Join(", ", task.List("failed")!.Select(check => check?.ToString())), SafeText.Line(task.Text("detail") ?? "", 160),
                ]));
        var count = summary.Number("failed") ?? 0;
        call.Screen.Line($"{summary.Text("env_type")}{(summary.Text("split") is { } split ? $", {split}" : "")}: {Figures.Count(summary.Number("tasks") ?? 0)} tasks, {(count == 0 ? "none fails" : $"{Figures.Count(count)} fail")}");
    }

    private static string Score(JsonObject task, string name) => task.Real(name) is { } score ? Figures.Plain(score) : task.Text(name) ?? Figures.None;

    private static JsonObject Read(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject ?? throw new JsonException("it is no object");
        }
        catch (JsonException exception)
        {
            throw new CliException(ExitCode.GatewayFailed, "the gateway answered a line that is no JSON object; is it a gateway of SandQueue?", exception);
        }
    }
}
