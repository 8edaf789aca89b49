using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Tests.Fakes;

namespace SandQueue.Cli.Tests.Commands;

public sealed class CommandTests : IAsyncLifetime
{
    private FakeGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await FakeGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Environments_are_a_table_between_tabs_where_nobody_looks()
    {
        _gateway.On("GET /v1/environments", JsonNode.Parse("""{"environments":[{"env_type":"frozenlake","tasks":1000,"unlimited":true,"data_source":"made\u001b[31m here","problems":[]}]}""")!);

        var (code, output, _) = await Run.Async(_gateway, ["envs"]);

        (code, output).ShouldBe((ExitCode.Fine, "environment\ttasks\tdata\tproblems\nfrozenlake\t1,000+\tmade␛[31m here\t\n"));
    }

    [Fact]
    public async Task Tasks_come_page_by_page_up_to_the_limit()
    {
        _gateway.On("GET /v1/environments/frozenlake/tasks", JsonNode.Parse("""{"tasks":["a","b"],"next_cursor":"c"}""")!).On("GET /v1/environments/frozenlake/tasks", JsonNode.Parse("""{"tasks":["d"],"next_cursor":null}""")!);

        var (_, output, _) = await Run.Async(_gateway, ["tasks", "frozenlake", "--split", "val"]);

        output.ShouldBe("a\nb\nd\n");
        _gateway.Asked.Last().Path.ShouldContain("split=val&cursor=c");
    }

    [Theory]
    [InlineData(401, ExitCode.Refused, "--key-file")]
    [InlineData(403, ExitCode.Refused, "no such luck")]
    [InlineData(404, ExitCode.Refused, "no such luck")]
    [InlineData(409, ExitCode.Refused, "no such luck")]
    [InlineData(429, ExitCode.Refused, "no such luck")]
    [InlineData(500, ExitCode.GatewayFailed, "no such luck")]
    [InlineData(503, ExitCode.Unreachable, "no such luck")]
    public async Task What_the_gateway_refuses_has_an_exit_code_and_one_line(int status, int code, string line)
    {
        _gateway.OnProblem("GET /v1/batches/x", status, "no such luck\u001b[31m\n at Stack.Trace()");

        var (exit, output, errors) = await Run.Async(_gateway, ["batch", "show", "x"]);

        (exit, output).ShouldBe((code, ""));
        errors.ShouldContain(line);
        errors.ShouldNotContain("\u001b");
        errors.Trim().Split('\n').ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_is_no_gateway_is_said_to_be_none()
    {
        _gateway.OnText("GET /v1/environments", "<html>hello</html>", "text/html");

        var (code, _, errors) = await Run.Async(_gateway, ["envs"]);

        code.ShouldBe(ExitCode.GatewayFailed);
        errors.ShouldContain("is it a gateway of SandQueue?");
    }

    [Fact]
    public async Task A_key_goes_with_each_request_and_is_never_shown()
    {
        _gateway.OnProblem("GET /v1/workers", 403, "the key may not do this");

        var (code, output, errors) = await Run.Async(_gateway, ["workers"], variables: new() { [GatewayAddress.KeyVariable] = "sq-hidden" });

        code.ShouldBe(ExitCode.Refused);
        _gateway.Asked.First().Key.ShouldBe("Bearer sq-hidden");
        (output + errors).ShouldNotContain("sq-hidden");
    }

    [Fact]
    public async Task A_validation_without_failures_exits_with_0()
    {
        _gateway.OnText("POST /v1/environments/frozenlake/validations", """
            {"task_id":"a","gold":1,"nothing":0,"noise":0,"repeat_equal":true,"failed":[],"detail":null}
            {"summary":{"env_type":"frozenlake","split":"val","tasks":1,"failed":0,"failures":[]}}
            """);

        var (code, output, _) = await Run.Async(_gateway, ["validate", "frozenlake", "--split", "val", "--sample", "1"]);

        (code, output).ShouldBe((ExitCode.Fine, "frozenlake, val: 1 tasks, none fails\n"));
        _gateway.BodyOf("POST /v1/environments/frozenlake/validations").ToJsonString().ShouldBe("""{"split":"val","sample":1}""");
    }

    [Fact]
    public async Task Tasks_that_fail_validation_are_a_table_and_exit_with_1()
    {
        _gateway.OnText("POST /v1/environments/x/validations", """
            {"task_id":"a","gold":0,"nothing":0,"noise":0,"repeat_equal":false,"failed":["gold"],"detail":"gold reached 0 of 1"}
            {"summary":{"env_type":"x","split":"train","tasks":1,"failed":1,"failures":[]}}
            """);

        var (code, output, errors) = await Run.Async(_gateway, ["validate", "x"]);

        code.ShouldBe(ExitCode.Failed);
        output.ShouldContain("a\t0\t0\t0\tno\tgold\tgold reached 0 of 1");
        errors.ShouldContain("a: gold reached 0 of 1");
    }

    [Fact]
    public async Task A_validation_that_breaks_off_is_no_success()
    {
        _gateway.OnText("POST /v1/environments/x/validations", """{"task_id":"a","failed":[]}""");

        (await Run.Async(_gateway, ["validate", "x", "--json"])).Code.ShouldBe(ExitCode.GatewayFailed);
    }

    [Fact]
    public async Task A_secret_is_read_from_the_input()
    {
        _gateway.OnText("PUT /v1/secrets/openai", "", "application/json", 204);

        var (code, output, errors) = await Run.Async(_gateway, ["secrets", "set", "openai"], "sk-1\n");

        code.ShouldBe(ExitCode.Fine, errors);
        _gateway.BodyOf("PUT /v1/secrets/openai").ToJsonString().ShouldBe("""{"value":"sk-1"}""");
        (output + errors).ShouldNotContain("sk-1");
    }

    [Fact]
    public async Task A_rollout_waits_for_its_end()
    {
        _gateway.On("POST /v1/rollouts", JsonNode.Parse("""{"rollout_id":"r","state":"running"}""")!, 202);
        var (code, output, _) = await Run.Async(
            _gateway.On("GET /v1/rollouts/r", JsonNode.Parse("""{"rollout_id":"r","end":"completed","reward":1.0,"valid":true,"end_reason":"goal","step_rewards":[0,1]}""")!),
            ["rollout", "frozenlake", "t", "--policy", "random", "--policy-seed", "3", "--rollout-id", "r"]);

        (code, output).ShouldBe((ExitCode.Fine, "r: completed, reward 1, ended by goal, 2 steps\n"));
        _gateway.BodyOf("POST /v1/rollouts")["policy"]!.ToJsonString().ShouldBe("""{"type":"random","seed":3}""");
    }

    [Fact]
    public async Task A_rollout_without_a_valid_reward_exits_with_1()
    {
        _gateway.On("POST /v1/rollouts", JsonNode.Parse("""{"rollout_id":"r","end":"failed","cause":"policy","reward":null,"valid":false,"detail":"429"}""")!);

        var (code, output, _) = await Run.Async(_gateway, ["rollout", "frozenlake", "t", "--policy", "gold"]);

        code.ShouldBe(ExitCode.Failed);
        output.ShouldBe("r: failed because of policy, reward none\n429\n");
    }

    [Fact]
    public async Task A_replay_names_its_episode_and_task_and_tells_what_differs()
    {
        _gateway.On("GET /v1/instances/i", JsonNode.Parse("""{"instance_id":"i","episode_id":7,"env_type":"x","task_id":"t"}""")!)
            .On("POST /v1/rollouts", JsonNode.Parse("""{"rollout_id":"r","end":"completed","reward":1,"valid":true,"replay":{"source_episode":7,"source_steps":3,"steps":3,"equal":false,"different":2,"differences":[{"step":2,"recorded":{"reward":0},"observed":{"reward":1}}],"source_reward":0,"reward":1}}""")!);

        var (code, output, _) = await Run.Async(_gateway, ["replay", "i"]);

        code.ShouldBe(ExitCode.Failed);
        output.ShouldContain("It differs from the episode: 2 of 4 answers came out otherwise.\nreward before 0, now 1\nstep 2:\n  recorded: {\"reward\":0}\n  observed: {\"reward\":1}\n… and 1 more\n");
        var asked = _gateway.BodyOf("POST /v1/rollouts");
        (asked["env_type"]!.ToString(), asked["task_id"]!.ToString(), asked["policy"]!["episode_id"]!.GetValue<int>()).ShouldBe(("x", "t", 7));
    }

    [Fact]
    public async Task Results_for_a_program_are_as_they_came_and_a_terminal_is_spared()
    {
        const string Line = "{\"detail\":\"a\u00ad\u202eb\"}";
        _gateway.OnText("GET /v1/batches/b/results", Line + "\n");

        (await Run.Async(_gateway, ["batch", "results", "b"])).Output.ShouldBe(Line + "\n");
        (await Run.Async(_gateway, ["batch", "results", "b"], isTerminal: true)).Output.ShouldNotContain("\u202e");
    }

    [Fact]
    public async Task A_report_goes_to_a_file_in_the_form_of_its_name()
    {
        _gateway.OnText("GET /v1/batches/b/report", "<!doctype html>\n", "text/html");
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.html");

        (await Run.Async(_gateway, ["batch", "report", "b", "-o", file])).Code.ShouldBe(ExitCode.Fine);

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe("<!doctype html>\n");
        _gateway.Asked.Last().Path.ShouldEndWith("?format=html");
        File.Delete(file);
    }

    [Fact]
    public async Task A_compressed_export_is_sent_back_as_it_was()
    {
        const string Lines = "{\"a\":1}\n{\"b\":2}\n";
        _gateway.OnText("GET /v1/export", Lines).On("POST /v1/import", JsonNode.Parse("""{"episodes":2,"stored":1,"imported":[{"line":1,"episode_id":9,"instance_id":"i","stored":true}]}""")!);
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.jsonl.gz");

        (await Run.Async(_gateway, ["export", "--env", "x", "--min-reward", "0.5", "--batch", "b", "--end-reason", "goal", "--filter", "tag=a b", "-o", file])).Code.ShouldBe(ExitCode.Fine);
        var (code, output, _) = await Run.Async(_gateway, ["import", file]);

        (code, output).ShouldBe((ExitCode.Fine, "2 episodes were read; 1 are new here\n"));
        _gateway.Asked.Select(asked => (asked.Path, asked.Body)).ShouldBe([("/v1/export?env_type=x&batch_id=b&min_reward=0.5&end=goal&tag=a%20b", ""), ("/v1/import", Lines)]);
        File.Delete(file);
    }

    [Fact]
    public async Task A_file_that_is_not_compressed_as_its_name_says_is_told_so()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.gz");
        await File.WriteAllTextAsync(file, "plain", TestContext.Current.CancellationToken);

        var (code, _, errors) = await Run.Async(_gateway, ["import", file]);

        code.ShouldBe(ExitCode.Usage, errors);
        errors.ShouldContain("is not compressed as its name says");
        File.Delete(file);
    }

    [Fact]
    public async Task A_line_that_cannot_be_imported_is_named_with_its_file()
    {
        _gateway.OnProblem("POST /v1/import", 400, "line 3: it has no \"form\"; nothing was stored");
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.jsonl");
        await File.WriteAllTextAsync(file, "{}\n", TestContext.Current.CancellationToken);

        var (code, _, errors) = await Run.Async(_gateway, ["import", file]);

        (code, errors).ShouldBe((ExitCode.Usage, $"sandqueue: {file}: line 3: it has no \"form\"; nothing was stored\n"));
        File.Delete(file);
    }

    [Fact]
    public async Task A_split_is_one_environments() => (await Run.Async(_gateway, ["export", "--split", "val"])).Errors.ShouldContain("Give --env too");

    [Fact]
    public async Task A_report_on_the_output_keeps_its_empty_lines()
    {
        _gateway.OnText("GET /v1/batches/b/report", "# A\n\n| b |\n", "text/markdown");

        (await Run.Async(_gateway, ["batch", "report", "b"])).Output.ShouldBe("# A\n\n| b |\n");
    }

    /// <summary>Whoever finds the file finds all of it.</summary>
    [Fact]
    public async Task An_export_that_is_cut_off_leaves_no_file()
    {
        _gateway.On("GET /v1/export", async context =>
        {
            await context.Response.WriteAsync("{}\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.jsonl");

        var (code, _, errors) = await Run.Async(_gateway, ["export", "-o", file]);

        code.ShouldBe(ExitCode.Unreachable, errors);
        (File.Exists(file), File.Exists($"{file}.part")).ShouldBe((false, false));
    }

    [Fact]
    public async Task The_doctor_says_what_to_do()
    {
        _gateway.OnText("GET /healthz", "OK").OnText("GET /readyz", "Healthy")
            .On("GET /v1/environments", JsonNode.Parse("""{"environments":[]}""")!).On("GET /v1/workers", JsonNode.Parse("""{"workers":[]}""")!)
            .On("GET /v1/batches", new JsonObject { ["batches"] = new JsonArray(Batch.In("paused", 4, 1, pauseReason: "401")), ["next_cursor"] = null });

        var (code, output, _) = await Run.Async(_gateway, ["doctor"]);

        code.ShouldBe(ExitCode.Failed);
        output.ShouldContain("fail  environments   none is served");
        output.ShouldContain("→ start a worker");
        output.ShouldContain("warn  batches        b-1 is paused: 401");
    }

    [Fact]
    public async Task The_doctor_of_a_gateway_that_is_away_exits_with_3()
    {
        var (code, output, _) = await Run.Async(null, ["doctor", "--url", "http://127.0.0.1:9", "--json"]);

        code.ShouldBe(ExitCode.Unreachable);
        JsonNode.Parse(output)!["advice"]!.ToString().ShouldContain("dotnet run --project src/Gateway");
    }

    [Fact]
    public async Task An_embedded_gateway_drains_no_worker() =>
        (await Run.Async(_gateway, ["drain", "w"])).Errors.ShouldContain("its one worker ends with it");

    [Fact]
    public async Task A_route_that_an_older_gateway_lacks_is_said_to_be_missing() =>
        (await Run.Async(_gateway, ["secrets", "list"])).Errors.ShouldContain("does not know GET /v1/secrets; it may be older than this program");

    [Theory]
    [InlineData("bash", "complete -o default -F _sandqueue sandqueue")]
    [InlineData("zsh", "compdef _sandqueue sandqueue")]
    [InlineData("fish", "complete -c sandqueue")]
    public async Task Shells_are_told_how_to_complete(string shell, string line) => (await Run.Async(null, ["completion", shell])).Output.ShouldContain(line);

    [Fact]
    public async Task A_misspelt_command_is_told_the_near_one()
    {
        var (code, _, errors) = await Run.Async(null, ["batch", "rn"]);

        (code, errors).ShouldBe((ExitCode.Usage, "sandqueue: there is no 'rn'; did you mean 'run'?; 'sandqueue batch --help' says what it takes\n"));
    }
}
