using System.Security.Cryptography;
using System.Text.Json;
using System.Text;

namespace SandQueue.Rollouts.Requests;

/// <summary>A batch as it was asked for, checked as far as that needs no call.</summary>
public sealed record BatchRequest
{
    /// <summary>The longest name of a batch: with a rollout's number and its commands' steps behind it, it is a command's id.</summary>
    public const int LongestId = 120;

    /// <summary>Batches of single rollouts have names that begin so, and no other has.</summary>
    public const string HiddenPrefix = "rollout/";

    private const int LongestTask = 200;
    private const int MostAtOnce = 10_000;
    private const int LongestDeadline = 31 * 86_400;

    private static readonly string[] Members =
    [
        "env_type", "tasks", "split", "sample", "items", "repeats", "policy", "params", "name", "batch_id", "priority", "concurrency", "endpoint_concurrency", "deadline_s",
    ];

    /// <summary>Rollouts at once, where nothing is said.</summary>
    private const int UsualConcurrency = 64;

    public required string EnvType { get; init; }

    /// <summary>What is to be played; null where <see cref="Split"/> says it.</summary>
    public IReadOnlyList<ItemRequest>? Items { get; init; }

    public string? Split { get; init; }

    /// <summary>How many of the split; null for all.</summary>
    public int? Sample { get; init; }

    public long Seed { get; init; }

    public int Repeats { get; init; } = 1;

    /// <summary>The policy of those that have none of their own.</summary>
    public StoredPolicy? Policy { get; init; }

    public byte[] Params { get; init; } = [];

    public string? Name { get; init; }

    public string? BatchId { get; init; }

    public int? Priority { get; init; }

    public int Concurrency { get; init; } = UsualConcurrency;

    public int? EndpointConcurrency { get; init; }

    public double? DeadlineS { get; init; }

    /// <summary>Whether it is one rollout that was asked for alone.</summary>
    public bool IsSingle { get; init; }

    /// <summary>SHA-256 of all of it but its keys.</summary>
    public byte[] Hash { get; init; } = [];

    /// <param name="batch">The batch's object.</param>
    /// <param name="besides">A member that the object has besides, and that is not the batch's.</param>
    /// <exception cref="RequestRefusedException">It is wrong.</exception>
    public static BatchRequest Read(JsonElement batch, string besides) => Read(batch, lines: null, besides);

    /// <param name="batch">The batch's object.</param>
    /// <param name="lines">Items that came as lines of their own; null where the object has all.</param>
    /// <exception cref="RequestRefusedException">It is wrong.</exception>
    public static BatchRequest Read(JsonElement batch, IReadOnlyList<ItemRequest>? lines = null) => Read(batch, lines, besides: null);

    private static BatchRequest Read(JsonElement batch, IReadOnlyList<ItemRequest>? lines, string? besides)
    {
        if (batch.ValueKind != JsonValueKind.Object) throw new RequestRefusedException("a batch must be a JSON object");
        var fields = new BatchFields(batch);
        fields.Require([.. Members, .. besides is null ? [] : new[] { besides }]);
        var items = ReadItems(fields, lines);
        var policy = fields.Find("policy") is { } asked ? StoredPolicy.Read(asked, needsActions: items is null || items.Any(item => item.Actions is null && item.Policy is null)) : null;
        if (policy is null && (items is null || items.Any(item => item.Policy is null && item.Actions is null))) throw new RequestRefusedException("policy is required, as {\"type\":\"gold\"}, unless each item has one");
        var (sample, seed) = ReadSample(fields);
        var request = new BatchRequest
        {
            EnvType = fields.Text("env_type", 200),
            Items = items,
            Split = fields.OptionalText("split", 200),
            Sample = sample,
            Seed = seed,
            Repeats = fields.Integer("repeats", 1, 10_000) ?? 1,
            Policy = policy,
            Params = fields.ObjectBytes("params"),
            Name = fields.OptionalText("name", 200),
            BatchId = ReadId(fields, "batch_id"),
            Priority = fields.Integer("priority", -1000, 1000),
            Concurrency = fields.Integer("concurrency", 1, MostAtOnce) ?? UsualConcurrency,
            EndpointConcurrency = fields.Integer("endpoint_concurrency", 1, MostAtOnce),
            DeadlineS = fields.Seconds("deadline_s", LongestDeadline),
        };
        if (request.Items is null && request.Split is null) throw new RequestRefusedException("a batch needs tasks (a list of ids), a split (with an optional sample), or items");
        if (request is { Items.Count: 0 }) throw new RequestRefusedException("the batch has no items: tasks or items is an empty list");
        return request with { Hash = HashOf(request) };
    }

    /// <summary>One rollout that is asked for alone.</summary>
    /// <param name="rollout">Its object.</param>
    /// <exception cref="RequestRefusedException">It is wrong.</exception>
    public static BatchRequest ReadSingle(JsonElement rollout)
    {
        if (rollout.ValueKind != JsonValueKind.Object) throw new RequestRefusedException("a rollout must be a JSON object");
        var fields = new BatchFields(rollout);
        fields.Require("env_type", "task_id", "params", "policy", "rollout_id", "deadline_s");
        var task = fields.Text("task_id", LongestTask);
        if (fields.Find("policy") is not { } policy) throw new RequestRefusedException("policy is required, as {\"type\":\"gold\"}");
        var request = new BatchRequest
        {
            EnvType = fields.Text("env_type", 200),
            Items = [new ItemRequest(task)],
            Policy = StoredPolicy.Read(policy),
            Params = fields.ObjectBytes("params"),
            BatchId = ReadId(fields, "rollout_id"),
            Concurrency = 1,
            DeadlineS = fields.Seconds("deadline_s", LongestDeadline),
            IsSingle = true,
        };
        return request with { Hash = HashOf(request) };
    }

    /// <summary>An item of a batch.</summary>
    /// <param name="item">Its object.</param>
    /// <param name="place">What goes before a member's name in an error.</param>
    public static ItemRequest ReadItem(JsonElement item, string place)
    {
        if (item.ValueKind != JsonValueKind.Object) throw new RequestRefusedException($"{place} must be an object with task_id");
        var fields = new BatchFields(item, $"{place}: ");
        fields.Require("task_id", "actions", "params", "policy");
        var task = fields.Text("task_id", LongestTask);
        var actions = fields.Array("actions");
        var policy = fields.Object("policy");
        if (actions is not null && policy is not null) throw new RequestRefusedException($"{place} has both actions and policy; give one of them");
        var parameters = fields.ObjectBytes("params");
        if (actions is { } given) CheckActions(given, $"{place}: actions");
        return new ItemRequest(task, parameters.Length > 0 ? parameters : null, actions?.Clone(), policy is { } own ? StoredPolicy.Read(own, path: $"{place}: policy") : null);
    }

    private static void CheckActions(JsonElement actions, string path)
    {
        try
        {
            RecordedReading.List(actions, path);
        }
        catch (RolloutRequestException exception)
        {
            throw new RequestRefusedException(exception.Message);
        }
    }

    private static List<ItemRequest>? ReadItems(BatchFields fields, IReadOnlyList<ItemRequest>? lines)
    {
        var (tasks, items) = (fields.Array("tasks"), fields.Array("items"));
        string?[] given = [tasks is null ? null : "tasks", items is null ? null : "items", fields.Has("split") ? "split" : null, lines is { Count: > 0 } ? "items in lines" : null];
        if (given.Count(name => name is not null) > 1) throw new RequestRefusedException($"a batch takes one of tasks, split, and items, and this has {string.Join(" and ", given.Where(name => name is not null))}");
        if (lines is { Count: > 0 }) return [.. lines];
        if (items is { } list) return [.. list.EnumerateArray().Select((item, place) => ReadItem(item, $"items[{place}]"))];
        return tasks is { } ids ? [.. ids.EnumerateArray().Select(ReadTask)] : null;
    }

    private static ItemRequest ReadTask(JsonElement task, int place) => task.ValueKind == JsonValueKind.String && task.GetString() is { Length: > 0 and <= LongestTask } id && !id.Contains('\0', StringComparison.Ordinal)
        ? new ItemRequest(id)
        : throw new RequestRefusedException($"tasks[{place}] must be a task's id: a string of 1 to {LongestTask} characters");

    private static (int? Sample, long Seed) ReadSample(BatchFields fields)
    {
        if (fields.Object("sample") is not { } sample) return (null, 0);
        if (!fields.Has("split")) throw new RequestRefusedException("sample needs a split to take from");
        var inner = new BatchFields(sample, "sample.");
        inner.Require("n", "seed");
        return (inner.Integer("n", 1, int.MaxValue) ?? throw new RequestRefusedException("sample.n is required"), inner.Whole("seed") ?? 0);
    }

    private static string? ReadId(BatchFields fields, string name) => fields.OptionalText(name, LongestId) switch
    {
        { } id when id.StartsWith(HiddenPrefix, StringComparison.Ordinal) => throw new RequestRefusedException($"{name} must not begin with {HiddenPrefix}"),
        var id => id,
    };

    private static byte[] HashOf(BatchRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        Add(Encoding.UTF8.GetBytes(FormattableString.Invariant(
            $"{request.EnvType}\0{request.Split}\0{request.Sample}\0{request.Seed}\0{request.Repeats}\0{request.Name}\0{request.Priority}\0{request.Concurrency}\0{request.EndpointConcurrency}\0{request.DeadlineS}\0{request.IsSingle}")));
        Add(request.Params);
        AddPolicy(request.Policy);
        foreach (var item in request.Items ?? [])
        {
            Add(Encoding.UTF8.GetBytes(item.TaskId));
            Add(item.Params ?? []);
            Add(item.Actions is { } actions ? BatchFields.Bytes(actions) : []);
            AddPolicy(item.Policy);
        }

        return hash.GetHashAndReset();

        void AddPolicy(StoredPolicy? policy)
        {
            Add(policy?.Json ?? []);
            foreach (var (task, actions) in policy?.ActionsByTask ?? new Dictionary<string, byte[]>())
            {
                Add(Encoding.UTF8.GetBytes(task));
                Add(actions);
            }
        }
    }
}
