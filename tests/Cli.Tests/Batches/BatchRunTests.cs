using System.Text.Json.Nodes;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Tests.Fakes;
using SandQueue.Testing;

namespace SandQueue.Cli.Tests.Batches;

public sealed class BatchRunTests : IAsyncLifetime
{
    private const string Post = "POST /v1/batches";
    private const string Get = $"GET /v1/batches/{Batch.Id}";

    private FakeGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = (await FakeGateway.StartAsync())
        .On(Post, Batch.In("running", 4, 0), 201)
        .On($"{Get}/report", Batch.Report);

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task It_waits_and_ends_with_one_line_for_programs()
    {
        _gateway.On(Get, Batch.In("running", 4, 1)).On(Get, Batch.In("closed", 4, 4));

        var (code, output, _) = await Run.Async(_gateway, ["batch", "run", "frozenlake", "--split", "val", "--sample", "4", "--seed", "7", "--policy", "gold", "--json"]);

        code.ShouldBe(ExitCode.Fine);
        var line = JsonNode.Parse(output.Trim().Split('\n').ShouldHaveSingleItem())!;
        line["batch"]!.ToString().ShouldBe(Batch.Id);
        line["items"]!.GetValue<int>().ShouldBe(4);
        line["ends"]!["completed"]!.GetValue<int>().ShouldBe(4);
        line["reward"]!["mean"]!.GetValue<double>().ShouldBe(0.5);
        line["reward"]!["ci95"]!.AsArray().Select(end => end!.GetValue<double>()).ShouldBe([0.25, 0.75]);
        var asked = _gateway.BodyOf(Post);
        asked["sample"]!.ToJsonString().ShouldBe("""{"n":4,"seed":7}""");
        asked["split"]!.ToString().ShouldBe("val");
        asked["policy"]!.ToJsonString().ShouldBe("""{"type":"gold"}""");
        asked["batch_id"]!.ToString().ShouldNotBeEmpty("it is asked for under a name, so that it can be asked for twice");
    }

    [Fact]
    public async Task Rollouts_without_a_valid_reward_are_told_by_cause_and_exit_with_1()
    {
        _gateway.On(Get, Batch.In("closed", 4, 3, failed: 1));

        var (code, output, _) = await Run.Async(_gateway, ["batch", "run", "frozenlake", "--split", "val", "--policy", "gold"]);

        code.ShouldBe(ExitCode.Failed);
        output.ShouldContain("3 of 4 rollouts have a valid reward, mean 0.500 (95 % interval 0.250 to 0.750)");
        output.ShouldContain("no reward because of: policy 1; 'sandqueue batch retry b-1'");
    }

    [Fact]
    public async Task A_share_of_valid_rewards_may_be_enough()
    {
        _gateway.On(Get, Batch.In("closed", 4, 3, failed: 1));

        (await Run.Async(_gateway, ["batch", "watch", Batch.Id, "--min-valid", "0.75"])).Code.ShouldBe(ExitCode.Fine);
    }

    [Fact]
    public async Task A_batch_that_its_endpoint_paused_says_why_and_exits_with_6()
    {
        _gateway.On(Get, Batch.In("paused", 4, 1, pauseReason: "the endpoint refuses the key\u001b[2J"));

        var (code, output, errors) = await Run.Async(_gateway, ["batch", "watch", Batch.Id]);

        code.ShouldBe(ExitCode.Paused);
        errors.ShouldContain("paused: the endpoint refuses the key␛[2J; 'sandqueue batch resume b-1' goes on");
        (output + errors).ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task Detached_it_prints_the_id_alone()
    {
        var (code, output, _) = await Run.Async(_gateway, ["batch", "run", "frozenlake", "--task", "a", "--task", "b", "--policy", "gold", "--detach"]);

        (code, output.Trim()).ShouldBe((ExitCode.Fine, Batch.Id));
        _gateway.BodyOf(Post)["tasks"]!.ToJsonString().ShouldBe("""["a","b"]""");
    }

    [Fact]
    public async Task Ctrl_C_detaches_and_says_so()
    {
        using var key = new CancellationTokenSource();
        _gateway.On(Get, Batch.In("running", 4, 1));
        var watching = Run.Async(_gateway, ["batch", "watch", Batch.Id], cancellationToken: key.Token);
        await Until.TrueAsync("it watches", () => !_gateway.Asked.IsEmpty, TimeSpan.FromSeconds(30));

        await key.CancelAsync();
        var (code, _, errors) = await watching;

        code.ShouldBe(ExitCode.Interrupted);
        errors.ShouldContain("Detached. The batch goes on; 'sandqueue batch watch b-1' attaches again");
        _gateway.Asked.ShouldAllBe(asked => asked.Method == "GET");
    }

    [Fact]
    public async Task A_gateway_that_is_away_meanwhile_is_asked_again()
    {
        _gateway.OnProblem(Get, 503, "the database is away").On(Get, Batch.In("closed", 4, 4));

        var (code, _, errors) = await Run.Async(_gateway, ["batch", "watch", Batch.Id]);

        code.ShouldBe(ExitCode.Fine);
        errors.ShouldContain("the database is away; asking again");
    }

    [Fact]
    public async Task A_terminal_sees_a_bar_with_causes()
    {
        _gateway.On(Get, Batch.In("running", 4, 1, failed: 1)).On(Get, Batch.In("closed", 4, 3, failed: 1));

        var (_, output, _) = await Run.Async(_gateway, ["batch", "watch", Batch.Id], isTerminal: true);

        output.ShouldContain("██████████");
        output.ShouldContain("2 of 4");
        output.ShouldContain("1 without a reward: policy 1");
    }

    [Fact]
    public async Task A_narrow_terminal_has_a_shorter_bar_and_a_name_stands_beside_the_id()
    {
        var batch = Batch.In("closed", 4000, 1000, failed: 1000);
        (batch["name"], batch["created_at"], batch["closed_at"]) = ("step-400", "2026-01-31T12:00:00Z", "2026-01-31T12:01:05Z");
        _gateway.On(Get, batch);

        var (_, output, _) = await Run.Async(_gateway, ["batch", "watch", Batch.Id], isTerminal: true, width: 80);

        var lines = output.Split('\n').Select(line => line.TrimEnd()).ToList();
        lines.ShouldContain("step-400 (b-1) · frozenlake · gold · closed after 1:05");
        lines.ShouldContain("█████████▓▓▓▓▓▓▓▓─────────────────  50 %  2,000 of 4,000");
    }

    [Fact]
    public async Task A_file_with_a_broken_line_starts_nothing()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"task_id":"a","actions":["x"]}""" + "\n{\"task_id\":\n", TestContext.Current.CancellationToken);

        var (code, _, errors) = await Run.Async(_gateway, ["batch", "run", "frozenlake", "--actions", file]);

        code.ShouldBe(ExitCode.Usage);
        errors.ShouldContain($"{file}, line 2: no JSON");
        errors.ShouldContain("nothing was started");
        errors.Trim().Split('\n').ShouldHaveSingleItem();
        _gateway.Asked.ShouldBeEmpty();
        File.Delete(file);
    }

    [Fact]
    public async Task Recorded_actions_go_as_items_a_line_each()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"task_id":"a","actions":["x"]}""" + "\n\n" + """{"task_id":"b","actions":["y"]}""", TestContext.Current.CancellationToken);

        (await Run.Async(_gateway, ["batch", "run", "frozenlake", "--policy", "recorded", "--actions", file, "--detach"])).Code.ShouldBe(ExitCode.Fine);

        var lines = _gateway.Asked.First().Body.Split('\n');
        JsonNode.Parse(lines[0])!["policy"]!["type"]!.ToString().ShouldBe("recorded");
        lines[1..].ShouldBe(["""{"task_id":"a","actions":["x"]}""", """{"task_id":"b","actions":["y"]}"""]);
        File.Delete(file);
    }

    [Fact]
    public async Task A_models_key_comes_from_a_variable_and_is_shown_nowhere()
    {
        var (code, output, errors) = await Run.Async(
            _gateway,
            ["batch", "run", "frozenlake", "--split", "val", "--base-url", "http://m/v1", "--model", "m", "--model-key-env", "MODEL_KEY", "--temperature", "0.7", "--sampling", """{"stop":["x"]}""", "--max-steps", "9", "--detach", "--json"],
            variables: new() { ["MODEL_KEY"] = "sk-very-secret" });

        code.ShouldBe(ExitCode.Fine);
        JsonNode.DeepEquals(
            _gateway.BodyOf(Post)["policy"],
            JsonNode.Parse("""{"type":"model","max_steps":9,"base_url":"http://m/v1","model":"m","api_key":"sk-very-secret","sampling":{"stop":["x"],"temperature":0.7}}""")).ShouldBeTrue(_gateway.BodyOf(Post).ToJsonString());
        (output + errors).ShouldNotContain("sk-very-secret");
    }

    [Theory]
    [InlineData("--policy is missing", "--split", "val")]
    [InlineData("which tasks?", "--policy", "gold")]
    [InlineData("--policy cannot be 'golden'", "--policy", "golden", "--split", "val")]
    [InlineData("--sample is 0", "--policy", "gold", "--sample", "0")]
    [InlineData("--sample cannot be 'many'; it is a whole number;", "--policy", "gold", "--sample", "many")]
    [InlineData("--timeout cannot be 'soon'; it is a number;", "--policy", "gold", "--split", "val", "--timeout", "soon")]
    [InlineData("needs --base-url", "--policy", "model", "--split", "val")]
    [InlineData("needs --actions", "--policy", "recorded", "--split", "val")]
    [InlineData("--min-valid must be", "--policy", "gold", "--split", "val", "--min-valid", "2")]
    [InlineData("--params is no JSON object", "--policy", "gold", "--split", "val", "--params", "[1]")]
    [InlineData("not both", "--policy", "gold", "--split", "val", "--task", "a")]
    public async Task What_cannot_be_asked_for_is_one_line_and_exits_with_2(string line, params string[] words)
    {
        var (code, output, errors) = await Run.Async(_gateway, ["batch", "run", "frozenlake", .. words]);

        code.ShouldBe(ExitCode.Usage, errors);
        errors.ShouldContain(line);
        errors.Trim().Split('\n').ShouldHaveSingleItem();
        output.ShouldBeEmpty();
        _gateway.Asked.ShouldBeEmpty();
    }
}
