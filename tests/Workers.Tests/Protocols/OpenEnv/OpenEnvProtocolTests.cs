using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using SandQueue.ProtocolServers;
using SandQueue.Testing;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols;

namespace SandQueue.Workers.Tests.Protocols.OpenEnv;

/// <summary>What is OpenEnv's alone: how messages become actions, errors that end a session, what counts as score.</summary>
public sealed class OpenEnvProtocolTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly OpenEnvServer _server = new() { Capacity = 3 };
    private ServerContainer _container = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _container = await ServerContainer.StartAsync(_server);

    public ValueTask DisposeAsync() => _container.DisposeAsync();

    [Theory]
    [InlineData("CAPACITY_REACHED", "InstancesPerContainer")]
    [InlineData("FACTORY_ERROR", "FACTORY_ERROR")]
    [InlineData("SESSION_ERROR", "SESSION_ERROR")]
    [InlineData("NEW_IN_A_LATER_VERSION", "NEW_IN_A_LATER_VERSION")]
    public async Task An_error_before_anything_was_asked_is_a_failure_that_names_it(string code, string detail)
    {
        _server.Greeting = $$$"""{"type":"error","data":{"message":"because","code":"{{{code}}}"}}""";

        var failure = await Should.ThrowAsync<EnvironmentFailedException>(CreateAsync());

        failure.Message.ShouldContain(detail);
        failure.Message.ShouldContain("because");
        await Until.TrueAsync("the connection is gone", () => Task.FromResult(_server.Sessions == 0), Limit);
    }

    [Fact]
    public async Task A_full_server_is_asked_again_for_two_seconds_of_the_given_clock()
    {
        _server.Greeting = """{"type":"error","data":{"message":"because","code":"CAPACITY_REACHED"}}""";
        var time = new FakeTimeProvider();
        var began = time.GetUtcNow();
        var created = new EnvironmentProtocols(time).Create("game", Settings(null)).CreateAsync(_container, new NewInstance("game", "1", "e1", default), Cancel);

        await Until.TrueAsync(
            "it has waited for as long as it waits",
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
                return created.IsCompleted;
            },
            Limit);

        (await Should.ThrowAsync<EnvironmentFailedException>(created)).Message.ShouldContain("InstancesPerContainer");
        (time.GetUtcNow() - began).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_session_that_waits_for_its_agent_answers_pings()
    {
        // Servers cut a client that answers none within 20 s, and agents think for longer.
        var server = new OpenEnvServer { Capacity = 2, PingLimit = TimeSpan.FromSeconds(2) };
        await using var container = await ServerContainer.StartAsync(server);
        var instance = await new EnvironmentProtocols(TimeProvider.System).Create("game", Settings(null)).CreateAsync(container, new NewInstance("game", "1", "e1", default), Cancel);
        using var silent = new ClientWebSocket();
        await silent.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/ws" }.Uri, Cancel);
        await Until.TrueAsync("both are connected", () => Task.FromResult(server.Sessions == 2), Limit);

        await Until.TrueAsync("the one that reads nothing is cut", () => Task.FromResult(server.Sessions == 1), Limit);

        Content(await StepAsync(instance, "still here")).ShouldContain("still here");
    }

    [Fact]
    public async Task An_error_that_ends_the_session_is_a_failure_and_stays_one()
    {
        var instance = await CreateAsync();
        (await Should.ThrowAsync<EnvironmentFailedException>(StepAsync(instance, "session_error"))).Message.ShouldContain("it broke");
        (await Should.ThrowAsync<EnvironmentFailedException>(StepAsync(instance, "on"))).Message.ShouldContain("lost");
    }

    [Fact]
    public async Task A_server_that_sends_without_being_asked_is_cut()
    {
        var instance = await CreateAsync();
        await StepAsync(instance, "flood");

        await Until.TrueAsync("the connection is gone", () => _server.Sessions == 0, Limit);

        (await Should.ThrowAsync<EnvironmentFailedException>(StepAsync(instance, "on"))).Message.ShouldContain("nobody asked for");
    }

    [Fact]
    public async Task An_answer_before_its_request_is_no_answer()
    {
        _server.Greeting = """{"type":"observation","data":{"observation":{"text":"unasked"},"reward":999,"done":false}}""";

        // It is the answer where it arrives a moment after the request.
        EnvironmentFailedException? failure = null;
        for (var attempt = 0; failure is null; attempt++)
        {
            attempt.ShouldBeLessThan(100);
            try
            {
                await CreateAsync();
            }
            catch (EnvironmentFailedException exception)
            {
                failure = exception;
            }
        }

        failure.Message.ShouldContain("nobody asked for");
    }

    [Fact]
    public async Task An_action_that_fails_is_an_observation()
    {
        var instance = await CreateAsync();
        var step = Json(await StepAsync(instance, "fail"));
        step.GetProperty("state")[0].GetProperty("content").GetString().ShouldBe("division by zero");
        step.GetProperty("info").GetProperty("problem").GetString().ShouldBe("EXECUTION_ERROR");
    }

    [Fact]
    public async Task As_many_sessions_as_the_image_allows_play_beside_each_other()
    {
        var instances = await Task.WhenAll(Enumerable.Range(1, 3).Select(task => CreateAsync(new OpenEnvOptions { ObservationField = "text" }, $"{task}")));
        var steps = await Task.WhenAll(instances.Select(instance => StepAsync(instance, "hello")));
        steps.Select(step => Json(step).GetProperty("state")[0].GetProperty("content").GetString()).ShouldBe(
            ["v1: turn 1 of task 1: hello", "v1: turn 1 of task 2: hello", "v1: turn 1 of task 3: hello"]);
        foreach (var instance in instances) await instance.ReleaseAsync(Cancel);
        await Until.TrueAsync("all sessions are closed", () => Task.FromResult(_server.Sessions == 0), Limit);
    }

    [Theory]
    [InlineData("sum", 2)]
    [InlineData("last", 0)]
    [InlineData("max", 1)]
    public async Task The_score_is_a_policy_over_the_rewards_of_the_steps(string policy, double score)
    {
        var instance = await CreateAsync(new OpenEnvOptions { Score = policy });
        foreach (var text in (string[])[Game.Good, Game.Good, "nothing"]) await StepAsync(instance, text);

        var details = Json(await instance.EvaluateAsync(default, default, Cancel));
        (details.GetProperty("score").GetDouble(), details.GetProperty("policy").GetString()).ShouldBe((score, policy));
        Json(await instance.EvaluateAsync(default, Utf8("""{"sparse":true}"""), Cancel)).GetDouble().ShouldBe(score);
    }

    [Theory]
    [InlineData("""{"message": "hi"}""")]
    [InlineData("I think.\n```json\n{\"message\": \"hi\"}\n```\nDone.")]
    [InlineData("My action is {\"message\": \"hi\"}, I hope.")]
    public async Task A_text_can_hold_an_action_as_JSON(string text)
    {
        var instance = await CreateAsync(new OpenEnvOptions { Action = "json" });
        Content(await StepAsync(instance, text)).ShouldContain("turn 1 of task 1: hi");
        _server.Asked.Last().ShouldBe("step hi");
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("[1]")]
    [InlineData("{\"message\": ")]
    public async Task A_text_without_an_action_is_answered_and_not_sent(string text)
    {
        var instance = await CreateAsync(new OpenEnvOptions { Action = "json" });
        var asked = _server.Asked.Count;
        var step = Json(await StepAsync(instance, text));
        step.GetProperty("info").GetProperty("problem").GetString().ShouldBe("no_json");
        _server.Asked.Count.ShouldBe(asked);
    }

    [Fact]
    public async Task An_action_the_server_does_not_know_is_shown_to_the_agent()
    {
        var instance = await CreateAsync(new OpenEnvOptions { Action = "json" });
        Content(await StepAsync(instance, """{"message":"hi","more":1}""")).ShouldBe("extra fields not permitted");
    }

    [Fact]
    public async Task Native_tool_calls_become_calls_of_tools_one_after_the_other()
    {
        var instance = await CreateAsync(new OpenEnvOptions { Action = "tools" });
        var tool = Json(instance.Opening).GetProperty("info").GetProperty("tools")[0].GetProperty("function");
        tool.GetProperty("name").GetString().ShouldBe("game_say", "a dot is not allowed in a function's name");
        tool.GetProperty("parameters").GetProperty("properties").TryGetProperty("text", out _).ShouldBeTrue();

        var step = Json(await instance.StepAsync(Utf8(
            """
            {"role":"assistant","content":null,"tool_calls":[
              {"id":"a","type":"function","function":{"name":"game_say","arguments":"{\"text\":\"one\"}"}},
              {"id":"b","type":"function","function":{"name":"nope","arguments":"{}"}},
              {"id":"c","type":"function","function":{"name":"game_say","arguments":"broken"}},
              {"id":"d","type":"function","function":{"name":"game_say","arguments":{"text":"end"}}},
              {"type":"function","function":{"name":"game_say","arguments":{"text":"late"}}}]}
            """), default, Cancel));

        var messages = step.GetProperty("info").GetProperty("tool_messages").EnumerateArray().ToList();
        messages.Select(message => message.GetProperty("tool_call_id").GetString()).ShouldBe(["a", "b", "c", "d", "call_4"]);
        messages.Select(message => message.GetProperty("role").GetString()).Distinct().ShouldBe(["tool"]);
        var contents = messages.Select(message => message.GetProperty("content").GetString()!).ToList();
        contents[0].ShouldContain("turn 1 of task 1: one");
        contents[1].ShouldContain("game_say");
        contents[2].ShouldContain("JSON");
        contents[3].ShouldContain("turn 2 of task 1: end");
        contents[4].ShouldContain("over");
        (step.GetProperty("reward").GetDouble(), step.GetProperty("is_terminated").GetBoolean(), step.GetProperty("state").GetArrayLength()).ShouldBe((1.0, true, 1));
        _server.Asked.ShouldNotContain("step late");
    }

    [Fact]
    public async Task The_task_and_what_the_caller_adds_make_up_the_reset()
    {
        await CreateAsync(new OpenEnvOptions { Splits = { ["train"] = "9" } }, task: "9", parameters: """{"reset":{"level":2,"seed":5}}""");
        _server.Asked.ShouldContain("""reset {"seed":9,"level":2}""");

        await CreateAsync(new OpenEnvOptions { TaskField = "task", Splits = { ["train"] = "lake, sea" } }, task: "sea", parameters: """{"seed":7}""");
        _server.Asked.ShouldContain("""reset {"seed":7,"task":"sea"}""");
    }

    [Fact]
    public async Task Wording_of_settings_and_caller_is_used()
    {
        var opening = Json((await CreateAsync(new OpenEnvOptions { Prompt = "The rules." })).Opening).GetProperty("state");
        opening[0].GetProperty("content").GetString().ShouldBe("The rules.");

        var own = Json((await CreateAsync(new OpenEnvOptions { Prompt = "The rules.", ObservationField = "text" }, parameters: """{"prompt_template":{"system":"<{{rules}}>","user":"Look: {{observation}}"}}""")).Opening).GetProperty("state");
        own.EnumerateArray().Select(message => message.GetProperty("content").GetString()).ShouldBe(["<The rules.>", "Look: v1: task 1"]);

        (await Should.ThrowAsync<EnvironmentRejectedException>(CreateAsync(parameters: """{"prompt_template":"{{nope}}"}"""))).Message.ShouldContain("nope");
    }

    [Theory]
    [InlineData("""{"max_step":3}""", "game takes no params.max_step (did you mean max_steps?); there is max_steps, prompt_template, reset, seed")]
    [InlineData("""{"sparse":true}""", "game takes no params.sparse; there is max_steps, prompt_template, reset, seed")]
    [InlineData("""{"prompt_template":{"sytem":"x"}}""", "there is no params.prompt_template.sytem (did you mean system?); there is system, user")]
    [InlineData("""{"prompt_template":7}""", "params.prompt_template must be a string or an object")]
    [InlineData("""{"reset":[1]}""", "params.reset must be an object, not an array")]
    [InlineData("""{"seed":"3"}""", "params.seed must be an integer")]
    public async Task What_a_create_does_not_take_is_refused_with_what_it_takes(string parameters, string said)
    {
        (await Should.ThrowAsync<EnvironmentRejectedException>(CreateAsync(parameters: parameters))).Message.ShouldContain(said);
        _server.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_clients_send_to_every_environment_is_taken() =>
        await CreateAsync(parameters: """{"_timeout_ms":5000,"is_open_query":true,"colour":null,"max_steps":3,"reset":null,"prompt_template":{"sytem":null}}""");

    [Fact]
    public async Task All_of_an_observation_is_shown_where_no_field_is_named() =>
        Content(await StepAsync(await CreateAsync(), "hi")).ShouldBe("""{"text":"v1: turn 1 of task 1: hi","turns":[]}""");

    [Fact]
    public async Task The_provenance_says_what_served_it()
    {
        var protocol = new EnvironmentProtocols(TimeProvider.System).Create("game", Settings(null));
        await protocol.DescribeAsync(_container, "game", Cancel);
        var instance = await protocol.CreateAsync(_container, new NewInstance("game", "1", "e1", default), Cancel);
        var provenance = Json(instance.Opening).GetProperty("info").GetProperty("provenance");
        provenance.GetProperty("environment_version").GetString().ShouldBe("1.2");
        provenance.GetProperty("scorer_version").GetString().ShouldBe("sum/1");
        provenance.GetProperty("seed").GetInt64().ShouldBe(1);
    }

    private static EnvironmentOptions Settings(OpenEnvOptions? options) => new() { Protocol = "openenv", OpenEnv = options ?? new OpenEnvOptions() };

    private async Task<IEnvironmentInstance> CreateAsync(OpenEnvOptions? options = null, string task = "1", string parameters = "") =>
        await new EnvironmentProtocols(TimeProvider.System).Create("game", Settings(options)).CreateAsync(_container, new NewInstance("game", task, "e1", Utf8(parameters)), Cancel).WaitAsync(Limit, Cancel);

    private static Task<ReadOnlyMemory<byte>> StepAsync(IEnvironmentInstance instance, string text) =>
        instance.StepAsync(Utf8($$"""{"role":"assistant","content":{{JsonSerializer.Serialize(text)}}}"""), default, Cancel).WaitAsync(Limit, Cancel);

    private static string Content(ReadOnlyMemory<byte> step) => Json(step).GetProperty("state")[0].GetProperty("content").GetString()!;

    private static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static JsonElement Json(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
