using System.Net;
using System.Text.Json;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.Dashboard.Tests.Pictures;

/// <summary>A program that several tenants play at, with what the pictures show: batches, an episode with a reward, failures, instances that live.</summary>
internal sealed class PlayedFarm : IAsyncDisposable
{
    public const string Admin = "ops-secret-0123456789";

    public const string Episode = "crossing";

    public const string Batch = "lake-v2";

    public const string OtherBatch = "lake-v1";

    public const string Task = "4x4-1000000";

    public const string RolloutPage = $"/ui/rollout?id={Batch}-0";

    /// <summary>The tenants that play, with the instances that each keeps.</summary>
    private static readonly (string Name, string Environment, int Living)[] Tenants = [("vision", "frozenlake", 46), ("reasoning", "countdown", 21), ("evals", "frozenlake", 7)];

    private readonly CancellationTokenSource _ending = new();
    private readonly Caller _admin;
    private Task _playing = System.Threading.Tasks.Task.CompletedTask;

    private PlayedFarm(RunningProgram program) => (Program, _admin) = (program, program.CallerWithKey(Admin));

    public RunningProgram Program { get; }

    public Caller AsAdmin => _admin;

    public static async Task<PlayedFarm> StartAsync()
    {
        var farm = new PlayedFarm(await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake", "countdown", "faulty")
            .With("SANDQUEUE_API_KEYS", string.Join(',', Tenants.Select(tenant => $"{tenant.Name}={Key(tenant.Name)}")))
            .With("SANDQUEUE_ADMIN_KEYS", $"ops={Admin}")
            .With("SANDQUEUE_Gateway__Limits__Tenants__vision__LiveInstances", "47")));
        await farm.PlayAsync();
        return farm;
    }

    /// <summary>Waits until the charts have something to draw, and lets something fail then: what failed is only shown for a while.</summary>
    public async Task DrawnAsync(int pieces)
    {
        await Until.TrueAsync(
            "tenants played a while",
            async () => (await _admin.GetAsync("/v1/latency")).Json.GetProperty("points").EnumerateArray().Count(point => point.GetProperty("steps").GetInt64() > 0) >= pieces,
            TimeSpan.FromMinutes(6));
        await SentAsync(_admin, "/v1/batches", """{"env_type":"faulty","batch_id":"shaky","name":"An environment that throws","split":"train","repeats":6,"concurrency":3,"policy":{"type":"recorded","actions":["echo a step","throw"]}}""");
        await Until.TrueAsync("the batch has failed", async () => (await _admin.GetAsync("/v1/batches/shaky")).Json.GetProperty("state").GetString() == "closed", TimeSpan.FromMinutes(2));
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _playing;
        _admin.Dispose();
        _ending.Dispose();
        await Program.DisposeAsync();
    }

    private static string Key(string tenant) => $"{tenant}-secret-0123456789";

    private async Task PlayAsync()
    {
        await CrossAsync();
        await StartBatchAsync(OtherBatch, "Random walk", """{"type":"random","seed":1}""", "{}");
        await StartBatchAsync(Batch, "The known way, at most 6 steps", """{"type":"gold"}""", """{"max_steps":6}""");
        _playing = System.Threading.Tasks.Task.WhenAll(Tenants.Select(tenant => PlayOnAsync(tenant.Name, tenant.Environment, tenant.Living)));
    }

    private Task StartBatchAsync(string batch, string name, string policy, string parameters) => SentAsync(
        _admin, "/v1/batches", $$"""{"env_type":"frozenlake","batch_id":"{{batch}}","name":"{{name}}","split":"val","sample":{"n":24},"repeats":4,"concurrency":4,"policy":{{policy}},"params":{{parameters}} }""");

    private async Task CrossAsync()
    {
        await SentAsync(_admin, "/v1/instances", $$"""{"env_type":"frozenlake","task_id":"{{Task}}","instance_id":"{{Episode}}"}""");
        // A trainer that lost count: what it sends is refused, and the episode goes on.
        await _admin.PostAsync($"/v1/instances/{Episode}/steps", """{"action":{"role":"assistant","content":"<action>right</action>"},"step":2}""");
        foreach (var (thought, move) in ((string, string)[])[("South is free.", "down"), ("East, along the second row.", "right"), ("On.", "right"), ("On.", "right"), ("Now down to the goal.", "down"), ("And there.", "down")])
        {
            await SentAsync(_admin, $"/v1/instances/{Episode}/steps", $$"""{"action":{"role":"assistant","content":{{JsonSerializer.Serialize($"{thought} <action>{move}</action>")}} } }""");
        }

        await SentAsync(_admin, $"/v1/instances/{Episode}/evaluations", "{}");
    }

    /// <summary>Creates instances until it keeps as many as it may, and from then on ends the oldest for each new one.</summary>
    private async Task PlayOnAsync(string tenant, string environment, int living)
    {
        using var caller = Program.CallerWithKey(Key(tenant));
        var kept = new Queue<string>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        for (var number = 0; !_ending.IsCancellationRequested; number++)
        {
            var instance = $"{tenant}-{number}";
            await caller.PostAsync("/v1/instances", $$"""{"env_type":"{{environment}}","task_id":"{{(environment == "frozenlake" ? "8x8" : "4")}}-{{number}}","instance_id":"{{instance}}"}""");
            kept.Enqueue(instance);
            for (var step = 0; step < 6 && !await IsOverAsync(caller, instance); step++)
            {
            }

            await pace.WaitForNextTickAsync(CancellationToken.None);
            if (kept.Count <= living) continue;
            await caller.PostAsync($"/v1/instances/{kept.Peek()}/evaluations", "{}");
            await caller.DeleteAsync($"/v1/instances/{kept.Dequeue()}");
        }
    }

    private static async Task<bool> IsOverAsync(Caller caller, string instance) =>
        (await caller.PostAsync($"/v1/instances/{instance}/steps", """{"action":{"role":"assistant","content":"<action>right</action>"}}""")).Body.Contains("\"is_terminated\":true", StringComparison.Ordinal);

    private static async Task SentAsync(Caller caller, string path, string body)
    {
        var answer = await caller.PostAsync(path, body);
        answer.Status.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.Accepted], $"{path}: {answer.Body}");
    }
}
