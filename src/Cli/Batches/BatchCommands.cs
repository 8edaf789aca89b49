using System.CommandLine;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Batches;

/// <summary><c>batch</c> and all below it.</summary>
internal static class BatchCommands
{
    private static readonly Argument<string> Id = new("batch") { Description = "The batch's id" };
    private static readonly Option<int> Limit = new("--limit") { Description = "At most so many", HelpName = "N", DefaultValueFactory = _ => 20 };
    private static readonly Option<int?> Concurrency = new("--concurrency") { Description = "Most rollouts at once", HelpName = "N" };
    private static readonly Option<int?> EndpointConcurrency = new("--endpoint-concurrency") { Description = "Most calls of the policy's endpoint at once", HelpName = "N" };
    private static readonly Option<int?> Priority = new("--priority") { Description = "Before batches of a lower one", HelpName = "N" };

    public static Command Batch(Surroundings around) => Verb.Group(
        "batch",
        "Batches: many rollouts, their progress, results and reports",
        [
            .. BatchRun.All(around),
            Verb.Of(around, "list", "List your batches, the newest first", ListAsync, Limit),
            Verb.Of(around, "show", "Show a batch", (call, end) => ShowAsync(call, call.Api.GetAsync(Path(call), end)), Id),
            Verb.Of(around, "pause", "Begin no further rollouts; those that run go on", (call, end) => PostAsync(call, "pause", end), Id),
            Verb.Of(around, "resume", "Go on with a paused batch", (call, end) => PostAsync(call, "resume", end), Id),
            Verb.Of(around, "cancel", "End a batch: what runs is stopped and released", (call, end) => PostAsync(call, "cancel", end), Id),
            BatchRetry.Retry(around),
            Verb.Of(around, "tune", "Change the limits of a batch while it runs", TuneAsync, Id, Concurrency, EndpointConcurrency, Priority),
            .. BatchReading.All(around),
        ]);

    private static string Path(Call call) => $"v1/batches/{Uri.EscapeDataString(call.Get(Id))}";

    private static Task<int> PostAsync(Call call, string verb, CancellationToken cancellationToken) => ShowAsync(call, call.Api.PostAsync($"{Path(call)}/{verb}", body: null, cancellationToken));

    private static async Task<int> TuneAsync(Call call, CancellationToken cancellationToken)
    {
        var limits = new JsonObject();
        foreach (var (name, value) in (ReadOnlySpan<(string, int?)>)[("concurrency", call.Get(Concurrency)), ("endpoint_concurrency", call.Get(EndpointConcurrency)), ("priority", call.Get(Priority))])
            if (value is { } number) limits[name] = number;
        if (limits.Count == 0) throw CliException.Usage("tune what? --concurrency, --endpoint-concurrency or --priority");
        using var body = RestApi.Content(limits);
        return await ShowAsync(call, call.Api.SendAsync(HttpMethod.Patch, Path(call), body, cancellationToken));
    }

    public static async Task<int> ShowAsync(Call call, Task<JsonObject> asking)
    {
        var batch = new BatchState(await asking);
        if (call.IsJson) call.Screen.Json(batch.Json);
        else
        {
            call.Screen.Line($"{batch.Id} is {batch.State}: {Figures.Count(batch.Ended)} of {Figures.Count(batch.Items)} rollouts have ended{(batch.EndsText is { Length: > 0 } ends ? $" ({ends})" : "")}, {Figures.Count(batch.Running)} running, mean reward {Figures.Reward(batch.Mean)}");
            if (batch.PauseReason is { } reason) call.Screen.Line($"paused: {reason}");
            if (batch.CausesText is { Length: > 0 } causes) call.Screen.Line($"no reward because of: {causes}");
            if (batch.Json.Text("concurrency") is { } concurrency) call.Screen.Line($"concurrency {concurrency}, at the endpoint {batch.Json.Text("endpoint_concurrency") ?? "the same"}, priority {batch.Json.Text("priority") ?? "0"}");
        }

        return ExitCode.Fine;
    }

    private static async Task<int> ListAsync(Call call, CancellationToken cancellationToken)
    {
        var most = Math.Max(1, call.Get(Limit));
        var found = new List<BatchState>();
        await foreach (var batch in call.Api.PagesAsync($"v1/batches?limit={Math.Min(most, 1000)}", "batches", cancellationToken))
        {
            found.Add(new BatchState(batch.AsObject()));
            if (found.Count == most) break;
        }

        if (call.IsJson) found.ForEach(batch => call.Screen.Json(batch.Json));
        else call.Screen.Table(
            ["batch", "name", "environment", "policy", "state", "#ended", "#items", "#mean", "created"],
            found.Select(IReadOnlyList<string> (batch) =>
            [
                batch.Id, batch.Json.Text("name") ?? "", batch.Json.Text("env_type") ?? "", $"{batch.Json.Object("policy").Text("type")} {batch.Json.Object("policy").Text("model")}".TrimEnd(), batch.State,
                Figures.Count(batch.Ended), Figures.Count(batch.Items), Figures.Reward(batch.Mean), (batch.Json.Text("created_at") ?? "").Split('.')[0].Replace('T', ' '),
            ]));
        return ExitCode.Fine;
    }
}
