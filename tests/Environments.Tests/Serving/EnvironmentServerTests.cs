using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Environments.Tests.Serving;

/// <summary>The endpoints as a worker calls them.</summary>
public sealed class EnvironmentServerTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private readonly string _id = Guid.NewGuid().ToString("n");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_healthy() => (await server.Http.GetStringAsync(new Uri("/healthz", UriKind.Relative), Cancel)).ShouldBe("OK");

    [Fact]
    public async Task The_environments_describe_themselves()
    {
        using var answer = JsonDocument.Parse(await server.Http.GetStringAsync(new Uri("/environments", UriKind.Relative), Cancel));
        var described = answer.RootElement.GetProperty("data").EnumerateArray().ToDictionary(each => each.GetProperty("env_type").GetString()!);

        described.Keys.ShouldBe(["faulty", "faulty_evaluate", "countdown", "frozenlake"]);
        described["countdown"].GetProperty("replayable").GetString().ShouldBe("yes");
        described["countdown"].GetProperty("unlimited").GetBoolean().ShouldBeTrue();
        described["countdown"].GetProperty("splits").GetProperty("train").GetInt32().ShouldBe(1000);
        described["faulty_evaluate"].GetProperty("evaluate_changes_state").GetBoolean().ShouldBeTrue();
        described["faulty"].GetProperty("tasks").GetInt32().ShouldBe(6);
        described["faulty"].GetProperty("problems").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Tasks_are_listed_by_split()
    {
        (await server.CallAsync("/get_env_profile", """{"env_type":"faulty"}""", Cancel)).GetRawText().ShouldBe("""["plain"]""");
        (await server.CallAsync("/get_env_profile", """{"env_type":"faulty","params":{"split":"faults"}}""", Cancel)).GetArrayLength().ShouldBe(5);
    }

    [Fact]
    public async Task An_episode_goes_from_create_to_release()
    {
        var opening = await server.CallAsync("/create", $$"""{"env_type":"faulty","task_id":"plain","instance_id":"{{_id}}","params":{"seed":7} }""", Cancel);
        opening.GetProperty("state").EnumerateArray().Select(message => message.GetProperty("role").GetString()).ShouldBe(["system", "user"]);
        var info = opening.GetProperty("info");
        (info.GetProperty("instance_id").GetString(), info.GetProperty("task_id").GetString()).ShouldBe((_id, "plain"));
        info.GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString().ShouldBe("fault");
        info.GetProperty("provenance").GetProperty("seed").GetInt32().ShouldBe(7);

        var step = await StepAsync("reward 1");
        step.GetRawText().ShouldBe("""{"state":[{"role":"user","content":"reward 1"}],"reward":1.0,"is_terminated":false,"info":{}}""");
        var ended = await StepAsync("end goal");
        ended.GetProperty("info").GetRawText().ShouldBe("""{"end_reason":"goal","truncated":false}""");

        (await server.CallAsync("/evaluate", $$"""{"instance_id":"{{_id}}","params":{"sparse":true} }""", Cancel)).GetRawText().ShouldBe("2.0");
        (await server.CallAsync("/evaluate", $$"""{"instance_id":"{{_id}}"}""", Cancel)).GetRawText().ShouldBe("""{"score":2.0,"steps":2,"evaluations":0,"end_reason":"goal","truncated":false}""");
        (await server.CallAsync("/get_info", $$"""{"instance_id":"{{_id}}"}""", Cancel)).GetString()!.ShouldContain("Every message is an action");
        (await server.PostAsync("/release", $$"""{"instance_id":"{{_id}}"}""", Cancel)).ShouldBe((200, """{"success":true,"data":null}"""));
        (await server.PostAsync("/release", $$"""{"instance_id":"{{_id}}"}""", Cancel)).ShouldBe((200, """{"success":false,"data":null}"""));
        await RefusedAsync("/step", StepBody("count"), $"there is no instance '{_id}'");
    }

    [Fact]
    public async Task Native_calls_are_answered_one_by_one()
    {
        await CreateAsync();
        var step = await server.CallAsync("/step", $$$"""
            {"instance_id":"{{{_id}}}","messages":{"tool_calls":[
              {"id":"a","function":{"name":"fault","arguments":"{\"action\":\"echo hi\"}"}},{"id":"b","function":{"name":"fault","arguments":"{}"}}]}}
            """, Cancel);
        step.GetProperty("state")[0].GetProperty("content").GetString().ShouldBe("hi");
        step.GetProperty("info").GetProperty("tool_messages")[0].GetRawText().ShouldBe("""{"role":"tool","tool_call_id":"a","name":"fault","content":"hi"}""");
        step.GetProperty("info").GetProperty("tool_messages")[1].GetProperty("tool_call_id").GetString().ShouldBe("b");
    }

    [Theory]
    [InlineData("""{"role":"assistant"}""", "There is no <answer>")]
    [InlineData("""{"content":null,"tool_calls":[]}""", "There is no <answer>")]
    [InlineData("""{"tool_calls":[{"id":5,"name":"answer","arguments":"{\"expression\":NaN}"}]}""", "the arguments have NaN")]
    [InlineData("""{"tool_calls":[{"id":5,"name":"answer","arguments":DEEP}]}""", "nested more than 64 levels deep")]
    public async Task A_message_as_model_servers_send_it_is_answered(string message, string said)
    {
        await server.CallAsync("/create", $$"""{"env_type":"countdown","task_id":"{{await FirstCountdownTaskAsync()}}","instance_id":"{{_id}}"}""", Cancel);
        var sent = message.Replace("DEEP", $"{new string('[', 5000)}{new string(']', 5000)}", StringComparison.Ordinal);
        var step = await server.CallAsync("/step", $$"""{"instance_id":"{{_id}}","messages":{{sent}}}""", Cancel);
        step.GetProperty("state")[0].GetProperty("content").GetString()!.ShouldContain(said);
    }

    [Fact]
    public async Task Odd_text_comes_back_as_it_was()
    {
        await CreateAsync();
        (await StepAsync("nul")).GetProperty("state")[0].GetProperty("content").Text().ShouldBe("before\0after");
        (await StepAsync("surrogate")).GetProperty("state")[0].GetProperty("content").Text().ShouldBe("before\ud800after");
        (await StepAsync("echo \\ud800 \\ude00 é 😀 \\\"")).GetProperty("state")[0].GetProperty("content").Text().ShouldBe("\ud800 \ude00 é 😀 \"");
        (await StepAsync("big 5MB")).GetProperty("state")[0].GetProperty("content").GetString()!.Length.ShouldBe(5 << 20);
    }

    [Fact]
    public async Task Names_that_are_no_text_disturb_nothing()
    {
        const string Odd = "\"\\ud800abcdefghijklmnopqrstuvw\":1";
        await server.CallAsync("/create", $$$"""{ {{{Odd}}},"env_type":"faulty","task_id":"plain","instance_id":"{{{_id}}}"}""", Cancel);
        await server.CallAsync("/step", $$$"""{"instance_id":"{{{_id}}}","messages":{ {{{Odd}}},"content":"count"},"params":{ {{{Odd}}} } }""", Cancel);
        var call = await server.CallAsync("/step", $$$"""{"instance_id":"{{{_id}}}","messages":{"tool_calls":[{"function":{"name":"fault","arguments":{ {{{Odd}}} } } }]} }""", Cancel);
        call.GetProperty("state")[0].GetProperty("content").GetString()!.ShouldContain("needs the argument");
        await server.CallAsync("/evaluate", $$$"""{"instance_id":"{{{_id}}}","params":{ {{{Odd}}} } }""", Cancel);
    }

    [Theory]
    [InlineData("/create", "", "not JSON")]
    [InlineData("/create", "{", "not JSON")]
    [InlineData("/create", "[]", "must be a JSON object")]
    [InlineData("/create", "{}", "env_type is required")]
    [InlineData("/create", """{"env_type":"nope","task_id":"t"}""", "unknown env_type 'nope'; known are faulty, faulty_evaluate, countdown, frozenlake")]
    [InlineData("/create", """{"env_type":7}""", "env_type must be a string that is not empty, not 7")]
    [InlineData("/create", """{"env_type":""}""", "env_type must be a string that is not empty")]
    [InlineData("/create", """{"env_type":"faulty"}""", "task_id is required")]
    [InlineData("/create", """{"env_type":"faulty","task_id":"nope"}""", "nope")]
    [InlineData("/create", """{"env_type":"faulty","task_id":"refuse-create"}""", "refuses to be created")]
    [InlineData("/create", """{"env_type":"faulty","task_id":"plain","params":[]}""", "params must be an object, not an array")]
    [InlineData("/create", """{"env_type":"faulty","task_id":"plain","params":{"seed":"x"}}""", "params.seed must be an integer")]
    [InlineData("/step", """{"instance_id":"nobody","messages":{"content":"x"}}""", "there is no instance 'nobody'")]
    [InlineData("/step", """{"messages":{"content":"x"}}""", "instance_id is required")]
    [InlineData("/step", """{"instance_id":"nobody"}""", "a step needs the assistant's message")]
    [InlineData("/step", """{"instance_id":"nobody","messages":[{"content":"x"}]}""", "messages must be an object, not an array")]
    [InlineData("/evaluate", """{"instance_id":"nobody"}""", "there is no instance")]
    [InlineData("/get_info", """{"instance_id":"nobody"}""", "there is no instance")]
    [InlineData("/get_env_profile", """{"env_type":"faulty","params":{"split":"nope"}}""", "nope")]
    [InlineData("/get_env_profile", """{"env_type":"faulty","params":{"split":1}}""", "params.split must be a string, not 1")]
    public Task The_callers_mistakes_are_400_with_one_line(string path, string body, string said) => RefusedAsync(path, body, said);

    [Fact]
    public async Task A_detail_is_one_line_of_at_most_1500_characters()
    {
        var name = string.Concat(Enumerable.Repeat("a\\nb\\u001b", 100_000));
        foreach (var body in (string[])[$$"""{"env_type":"{{name}}","task_id":"t"}""", $$"""{"env_type":"faulty","task_id":"{{name}}"}"""])
        {
            var (status, answer) = await server.PostAsync("/create", body, Cancel);
            status.ShouldBe(400);
            var detail = Detail(answer);
            detail.Length.ShouldBeLessThanOrEqualTo(1500);
            detail.ShouldNotContain("\u001b");
        }
    }

    [Fact]
    public async Task An_instance_id_is_taken_once_and_made_up_where_there_is_none()
    {
        await CreateAsync();
        await RefusedAsync("/create", $$"""{"env_type":"faulty","task_id":"plain","instance_id":"{{_id}}"}""", "exists already");
        var made = await server.CallAsync("/create", """{"env_type":"countdown","task_id":"PLACE"}""".Replace("PLACE", await FirstCountdownTaskAsync(), StringComparison.Ordinal), Cancel);
        made.GetProperty("info").GetProperty("instance_id").GetString().ShouldStartWith("countdown-");
    }

    [Theory]
    [InlineData("throw", "the environment failed: InvalidOperationException: the action asked for this exception")]
    [InlineData("reward NaN", "the environment failed")]
    public async Task Faults_are_500_with_one_line_and_the_server_goes_on(string action, string said)
    {
        await CreateAsync();
        var (status, body) = await server.PostAsync("/step", StepBody(action), Cancel);
        status.ShouldBe(500);
        Detail(body).ShouldContain(said);
        await StepAsync("count");
    }

    [Fact]
    public async Task A_refusal_by_the_environment_is_400()
    {
        await CreateAsync();
        await RefusedAsync("/step", StepBody("refuse"), "the action asked to be refused");
    }

    [Fact]
    public async Task A_fault_at_create_leaves_nothing()
    {
        var (status, _) = await server.PostAsync("/create", $$"""{"env_type":"faulty","task_id":"fail-create","instance_id":"{{_id}}"}""", Cancel);
        status.ShouldBe(500);
        await CreateAsync();
    }

    [Fact]
    public async Task A_release_that_fails_is_a_release()
    {
        await CreateAsync();
        await StepAsync("fail-release");
        (await server.PostAsync("/release", $$"""{"instance_id":"{{_id}}"}""", Cancel)).ShouldBe((200, """{"success":true,"data":null}"""));
        await CreateAsync();
    }

    [Fact]
    public async Task Steps_at_once_are_taken_one_by_one()
    {
        await CreateAsync();
        var steps = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => StepAsync("count")));
        steps.Select(step => step.GetProperty("state")[0].GetProperty("content").GetString()).Order()
            .ShouldBe(Enumerable.Range(1, 20).Select(number => $"steps {number}, evaluations 0").Order());
    }

    [Fact]
    public async Task A_step_its_caller_gave_up_ends_and_the_next_is_taken()
    {
        await CreateAsync();
        using var given = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var hanging = server.PostAsync("/step", StepBody("hang"), given.Token);
        await StepOnAnotherAsync();
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(hanging);

        (await StepAsync("count")).GetProperty("state")[0].GetProperty("content").GetString().ShouldStartWith("steps 1,");
    }

    [Fact]
    public async Task A_body_as_large_as_the_gateway_lets_in_is_taken()
    {
        await CreateAsync();
        var text = new string('x', 12 << 20);
        (await StepAsync($"echo {text}")).GetProperty("state")[0].GetProperty("content").GetString()!.Length.ShouldBe(text.Length);
    }

    [Fact]
    public async Task Another_path_is_404() => (await server.PostAsync("/nowhere", "{}", Cancel)).Status.ShouldBe(404);

    private static string Detail(string body)
    {
        using var answer = JsonDocument.Parse(body);
        var detail = answer.RootElement.GetProperty("detail").GetString()!;
        detail.ShouldNotContain("\n");
        return detail;
    }

    private async Task RefusedAsync(string path, string body, string said)
    {
        var (status, answer) = await server.PostAsync(path, body, Cancel);
        status.ShouldBe(400, answer);
        Detail(answer).ShouldContain(said);
    }

    private Task<JsonElement> CreateAsync() => server.CallAsync("/create", $$"""{"env_type":"faulty","task_id":"plain","instance_id":"{{_id}}"}""", Cancel);

    private async Task StepOnAnotherAsync()
    {
        var other = Guid.NewGuid().ToString("n");
        await server.CallAsync("/create", $$"""{"env_type":"faulty","task_id":"plain","instance_id":"{{other}}"}""", Cancel);
        await server.CallAsync("/step", $$$"""{"instance_id":"{{{other}}}","messages":{"content":"count"} }""", Cancel);
    }

    private Task<JsonElement> StepAsync(string action) => server.CallAsync("/step", StepBody(action), Cancel);

    private string StepBody(string action) => $$$"""{"instance_id":"{{{_id}}}","messages":{"role":"assistant","content":"{{{action}}}"} }""";

    private async Task<string> FirstCountdownTaskAsync() => (await server.CallAsync("/get_env_profile", """{"env_type":"countdown"}""", Cancel))[0].GetString()!;
}
