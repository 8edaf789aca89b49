using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Policies;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Batches;

/// <summary>The options of <c>batch run</c>, and the batch as REST takes it.</summary>
internal sealed class BatchOptions
{
    private readonly Argument<string> _env = new("env") { Description = "The environment" };
    private readonly Option<string?> _split = new("--split") { Description = "Part of the data that tasks are from: train, val or test", HelpName = "SPLIT" };
    private readonly Option<int?> _sample = new("--sample") { Description = "So many tasks of the split, drawn by --seed; all without", HelpName = "N" };
    private readonly Option<long?> _seed = new("--seed") { Description = "Seed of the sample", HelpName = "N" };
    private readonly Option<string[]> _tasks = new("--task") { Description = "A task; may be given many times", HelpName = "ID" };
    private readonly Option<string?> _tasksFile = new("--tasks-file") { Description = "File with a task id a line", HelpName = "FILE" };
    private readonly Option<string?> _items = new("--items") { Description = "File with an item a line: {\"task_id\", \"actions\"?, \"params\"?, \"policy\"?}", HelpName = "FILE.jsonl" };
    private readonly Option<int?> _repeats = new("--repeats", "-n") { Description = "Rollouts of each task (a group)", HelpName = "N" };
    private readonly Option<string?> _params = new("--params") { Description = "Parameters of each create", HelpName = "JSON" };
    private readonly Option<string?> _name = new("--name") { Description = "A name for people", HelpName = "TEXT" };
    private readonly Option<string?> _id = new("--batch-id") { Description = "Its id; asked for twice with the same content, there is one batch", HelpName = "ID" };
    private readonly Option<int?> _priority = new("--priority") { Description = "Before batches of a lower one", HelpName = "N" };
    private readonly Option<int?> _concurrency = new("--concurrency") { Description = "Most rollouts at once", HelpName = "N" };
    private readonly Option<int?> _endpointConcurrency = new("--endpoint-concurrency") { Description = "Most calls of the policy's endpoint at once", HelpName = "N" };
    private readonly Option<double?> _deadline = new("--deadline") { Description = "Most seconds until it closes", HelpName = "SECONDS" };

    public PolicyOptions Policy { get; } = new();

    public IEnumerable<Symbol> All =>
    [
        _env, _split, _sample, _seed, _tasks, _tasksFile, _items, _repeats, .. Policy.All, _params, _name, _id, _priority, _concurrency, _endpointConcurrency, _deadline,
    ];

    /// <summary>The body of the request. Files are read to their end first: where a line is wrong, nothing is started.</summary>
    public HttpContent Read(Call call)
    {
        var batch = new JsonObject { ["env_type"] = call.Get(_env), ["batch_id"] = call.Get(_id) ?? $"b-{Guid.NewGuid():n}" };
        var items = call.Get(_items) is { } file ? ItemsOf(file) : null;
        // With items, a policy is what they have in common, and may be missing.
        if (items is null || Policy.IsGiven(call)) batch["policy"] = Policy.Read(call);
        if (call.Get(Policy.Actions) is { } actions) items = items is null ? ItemsOf(actions, "actions") : throw CliException.Usage("--items and --actions cannot be given together; items have their own actions");
        AddTasks(batch, call, hasItems: items is not null);
        foreach (var (name, value) in (ReadOnlySpan<(string, JsonNode?)>)
            [
                ("repeats", call.Get(_repeats)), ("params", JsonInput.Object(call.Get(_params), "--params")), ("name", call.Get(_name)), ("priority", call.Get(_priority)),
                ("concurrency", call.Get(_concurrency)), ("endpoint_concurrency", call.Get(_endpointConcurrency)), ("deadline_s", call.Get(_deadline)),
            ])
            if (value is not null) batch[name] = value;
        return items is null
            ? RestApi.Content(batch)!
            : new StringContent(string.Join('\n', items.Prepend(batch).Select(line => line.ToJsonString())), Encoding.UTF8, RestApi.JsonLines);
    }

    private void AddTasks(JsonObject batch, Call call, bool hasItems)
    {
        List<string> named = [.. call.Get(_tasks) ?? [], .. call.Get(_tasksFile) is { } file ? JsonInput.Words(file) : []];
        var (split, sample) = (call.Get(_split), call.Get(_sample));
        if (hasItems)
        {
            if (named.Count > 0 || split is not null || sample is not null) throw CliException.Usage("the file's items name the tasks; leave out --task, --tasks-file, --split and --sample");
            return;
        }

        if (named.Count > 0)
        {
            if (split is not null || sample is not null) throw CliException.Usage("give tasks by --task and --tasks-file, or by --split and --sample, not both");
            batch["tasks"] = new JsonArray([.. named.Select(task => JsonValue.Create(task))]);
            return;
        }

        if (split is null && sample is null) throw CliException.Usage("which tasks? --split (with --sample N), --task ID, --tasks-file FILE, --items FILE or --actions FILE");
        if (sample is <= 0) throw CliException.Usage($"--sample is {sample}; it must be above 0");
        batch["split"] = split ?? "train";
        if (sample is { } count) batch["sample"] = new JsonObject { ["n"] = count, ["seed"] = call.Get(_seed) ?? 0 };
    }

    private static List<JsonNode> ItemsOf(string file, params string[] required) =>
        [.. JsonInput.Lines(file).Select(line => ItemOf(file, line.Line, line.Value, ["task_id", .. required]))];

    private static JsonObject ItemOf(string file, int line, JsonNode value, string[] required)
    {
        if (value is not JsonObject item) throw JsonInput.At(file, line, "no JSON object; nothing was started");
        return Array.Find(required, name => item.Member(name) is null) is { } missing ? throw JsonInput.At(file, line, $"there is no {missing}; nothing was started") : item;
    }
}
