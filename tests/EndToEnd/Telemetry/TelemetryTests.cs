using System.Net;
using System.Text.RegularExpressions;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Telemetry;

/// <summary>What a program shows of itself: nothing unless it is told to, and then what the page says.</summary>
public sealed partial class TelemetryTests
{
    [Fact]
    public async Task Metrics_and_what_a_scaler_asks_are_at_the_admin_address_and_nowhere_else()
    {
        var port = FreePort.Take();
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake").With("SANDQUEUE_Gateway__AdminListen", $"{port}"));
        using var admin = new Caller(new Uri($"http://127.0.0.1:{port}"));
        var instance = await program.Caller.CreatedAsync("frozenlake", "8x8-3");
        (await program.Caller.StepAsync(instance, "left")).Status.ShouldBe(HttpStatusCode.OK);

        var metrics = (await admin.GetAsync("/metrics")).Body;
        metrics.ShouldMatch("sandqueue_command_duration_seconds_count\\{[^}]*end=\"completed\",environment=\"frozenlake\",verb=\"step\"\\} 1");
        metrics.ShouldMatch("sandqueue_instance_count\\{[^}]*environment=\"frozenlake\",state=\"live\"\\} 1");
        metrics.ShouldNotContain(instance);
        foreach (var name in Documented("Of others").Where(name => !name.StartsWith("db_", StringComparison.Ordinal))) metrics.ShouldContain($"# TYPE {name} ");

        var scaling = (await admin.GetAsync("/scaling")).Json;
        scaling.GetProperty("waiting").GetInt32().ShouldBe(0);
        var lake = scaling.GetProperty("environments").GetProperty("frozenlake");
        lake.GetProperty("free").GetInt32().ShouldBeGreaterThan(0);
        lake.GetProperty("occupancy").GetDouble().ShouldBeInRange(0, 1);

        (await program.Caller.GetAsync("/metrics")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await program.Caller.GetAsync("/scaling")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await admin.PostAsync("/step", "{}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Rewards_that_are_missing_are_counted_by_cause_and_rollouts_of_batches_by_their_end()
    {
        var port = FreePort.Take();
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("faulty").With("SANDQUEUE_Gateway__AdminListen", $"{port}"));
        using var admin = new Caller(new Uri($"http://127.0.0.1:{port}"));
        var instance = await program.Caller.CreatedAsync("faulty", "plain");
        (await program.Caller.StepAsync(instance, "throw")).Status.ShouldNotBe(HttpStatusCode.OK);
        await program.Caller.ReleaseAsync(instance);
        (await program.Caller.PostAsync("/v1/batches", """{"env_type":"faulty","batch_id":"counted","tasks":["plain"],"repeats":2,"policy":{"type":"recorded","actions":["echo fine"]}}""")).Status.ShouldBe(HttpStatusCode.Created);

        await Until.TrueAsync("both rollouts were counted", async () => BatchItems().Matches((await admin.GetAsync("/metrics")).Body).Sum(item => int.Parse(item.Groups[1].Value)) == 2, TimeSpan.FromMinutes(1));
        (await admin.GetAsync("/metrics")).Body.ShouldMatch("sandqueue_reward_missing_total\\{[^}]*cause=\"infrastructure\",environment=\"faulty\",verb=\"step\"\\} 1\\b");
    }

    [Fact]
    public async Task Every_error_has_the_id_of_its_trace_with_and_without_telemetry()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        foreach (var (method, path, body) in ((string, string, string)[])[
            ("POST", "/step", """{"instance_id":"nobody","messages":{}}"""), ("POST", "/step", "no json"), ("GET", "/v1/instances/nobody", ""), ("GET", "/nowhere", ""), ("POST", "/mcp", "{}")])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body) };
            request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-00");
            var answer = await program.Caller.SendAsync(request);
            ((int)answer.Status).ShouldBeGreaterThanOrEqualTo(400, path);
            answer.Headers["Trace-Id"].ShouldBe(Trace, path);
        }

        (await program.Caller.GetAsync("/healthz")).Headers.Keys.ShouldNotContain("Trace-Id");
    }

    [Theory]
    [InlineData("nonsense", "Gateway:AdminListen: 'nonsense' is no address to listen on")]
    [InlineData("99999", "Gateway:AdminListen: '99999' is no address to listen on")]
    public async Task An_admin_address_that_is_none_keeps_it_from_starting(string address, string problem)
    {
        var (exitCode, _, errors) = await RunningProgram.RunAsync([], ProgramSettings.Default.With("SANDQUEUE_Gateway__AdminListen", address));
        exitCode.ShouldBe(1);
        errors.ShouldContain(problem);
    }

    /// <summary>The names on the page under a heading of <c>docs/telemetry.md</c>.</summary>
    private static IEnumerable<string> Documented(string heading)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md"));
        var section = page[page.IndexOf($"### {heading}", StringComparison.Ordinal)..];
        return Row().Matches(section[..section.IndexOf("\n## ", StringComparison.Ordinal)]).Select(row => row.Groups[1].Value);
    }

    [GeneratedRegex("sandqueue_batch_item_total\\{[^}]*end=\"completed\"[^}]*\\} ([0-9]+)")]
    private static partial Regex BatchItems();

    [GeneratedRegex(@"^\| `[a-z_.]+` \| `([a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
