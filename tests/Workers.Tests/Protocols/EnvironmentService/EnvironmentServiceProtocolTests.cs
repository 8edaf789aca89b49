using System.Text;
using Microsoft.AspNetCore.Http;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols.EnvironmentService;

namespace SandQueue.Workers.Tests.Protocols.EnvironmentService;

public sealed class EnvironmentServiceProtocolTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly EnvironmentServiceProtocol _protocol = new(new EnvironmentOptions(), TimeProvider.System);
    private StubServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await StubServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Readiness_is_waited_for()
    {
        var looks = 0;
        _server.Answer = context =>
        {
            context.Response.StatusCode = ++looks < 3 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            return Task.CompletedTask;
        };

        await _protocol.WaitUntilReadyAsync(_server, Cancel).WaitAsync(Limit, Cancel);

        looks.ShouldBe(3);
        _server.Calls.ShouldAllBe(call => call.Path == "/healthz");
    }

    [Fact]
    public async Task A_health_check_reads_the_head_of_its_answer_and_not_the_rest_which_may_have_no_end()
    {
        var part = new byte[1 << 20];
        _server.Answer = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(part, context.RequestAborted);
        };

        await _protocol.WaitUntilReadyAsync(_server, Cancel).WaitAsync(Limit, Cancel);
    }

    [Fact]
    public async Task A_detail_is_one_line_of_at_most_1500_characters_whatever_the_environment_says()
    {
        var instance = await CreateAsync();
        foreach (var status in (int[])[400, 500])
        {
            _server.AnswerWith(status, $$"""{"detail":"first\nsecond\r\n\u001b[31mred {{new string('x', 3 << 20)}}"}""");
            var detail = (await Should.ThrowAsync<Exception>(StepAsync(instance))).Message;
            detail.ShouldStartWith("first second \\u001b[31mred xxx");
            detail.Length.ShouldBe(1500);
        }
    }

    [Theory]
    [InlineData("""{"data":{"state":[],"reward":NaN}}""", "the reward is NaN")]
    [InlineData("""{"data":{"reward":-Infinity,"state":[]}}""", "the reward is -Infinity")]
    [InlineData("""{"data":Infinity}""", "the data is Infinity")]
    public async Task What_Python_calls_a_number_and_JSON_does_not_is_named(string body, string detail)
    {
        var instance = await CreateAsync();
        _server.AnswerWith(200, body);
        (await Should.ThrowAsync<EnvironmentFailedException>(StepAsync(instance))).Message.ShouldContain(detail);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    public async Task A_server_without_the_route_of_solutions_knows_none(int status)
    {
        var instance = await CreateAsync();
        _server.AnswerWith(status, """{"detail":"Not Found"}""");
        (await Should.ThrowAsync<EnvironmentRejectedException>(instance.SolveAsync(Cancel))).Message.ShouldBe("the environment knows no solution");
    }

    [Fact]
    public async Task A_solution_comes_as_the_server_wrote_it()
    {
        var instance = await CreateAsync();
        _server.AnswerWith(200, """{"success":true,"data":{"messages":[],"maximum":1.0}}""");
        Encoding.UTF8.GetString((await instance.SolveAsync(Cancel)).Span).ShouldBe("""{"messages":[],"maximum":1.0}""");
        _server.Calls.Last().Path.ShouldBe("/solution");
    }

    [Fact]
    public async Task Waiting_for_readiness_can_be_given_up()
    {
        _server.AnswerWith(503, "");
        using var given = new CancellationTokenSource();
        var waiting = _protocol.WaitUntilReadyAsync(_server, given.Token);
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting.WaitAsync(Limit, Cancel));
    }

    [Fact]
    public async Task An_environment_is_described_by_its_own_entry()
    {
        _server.AnswerWith(200, """{"success":true,"data":[{"env_type":"a","x":1},{"env_type":"b","x":2}]}""");

        Text(await _protocol.DescribeAsync(_server, "b", Cancel)).ShouldBe("""{"env_type":"b","x":2}""");

        (await Should.ThrowAsync<ContainerException>(_protocol.DescribeAsync(_server, "c", Cancel))).Message.ShouldContain("'c'");
    }

    [Theory]
    [InlineData(500, "not found")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"data":{}}""")]
    [InlineData(200, """{"data":[1]}""")]
    [InlineData(200, """{"data":[{"name":"b"}]}""")]
    [InlineData(200, """{"data":[{"env_type":1}]}""")]
    [InlineData(200, """{"data":[}""")]
    public async Task A_server_that_does_not_describe_itself_cannot_be_served(int status, string body)
    {
        _server.AnswerWith(status, body);
        (await Should.ThrowAsync<ContainerException>(_protocol.DescribeAsync(_server, "b", Cancel))).Message.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Tasks_are_asked_for_by_split()
    {
        _server.AnswerWith(200, """{"data":["t1", "t2"]}""");

        Text(await _protocol.ListTasksAsync(_server, "a", "va\"l", Cancel)).ShouldBe("""["t1", "t2"]""");

        var (path, body) = _server.Calls.ShouldHaveSingleItem();
        path.ShouldBe("/get_env_profile");
        body.ShouldBe("""{"env_type":"a","params":{"split":"va\u0022l"}}""");
    }

    [Fact]
    public async Task Every_verb_carries_what_the_caller_sent_byte_for_byte()
    {
        const string Action = """{ "content" : "\ud800 é" }""";
        const string Params = """{ "seed":1.0 }""";
        var instance = await CreateAsync();

        await instance.StepAsync(Utf8(Action), Utf8(Params), Cancel);
        await instance.EvaluateAsync(default, Utf8(Params), Cancel);
        await instance.DescribeAsync(Utf8(Action), default, Cancel);
        await instance.ReleaseAsync(Cancel);

        _server.Calls.ShouldBe(
        [
            ("/create", """{"env_type":"a","task_id":"t","instance_id":"e1-1-1","params":{ "seed": 7 }}"""),
            ("/step", $$"""{"instance_id":"e1-1-1","messages":{{Action}},"params":{{Params}}}"""),
            ("/evaluate", $$"""{"instance_id":"e1-1-1","messages":{},"params":{{Params}}}"""),
            ("/get_info", "{\"instance_id\":\"e1-1-1\",\"messages\":" + Action + ",\"params\":{}}"),
            ("/release", """{"instance_id":"e1-1-1","messages":{},"params":{}}"""),
        ]);
    }

    [Theory]
    [InlineData("""{"success":true,"data":{ "a" : [1, {"data":2}] } }""", """{ "a" : [1, {"data":2}] }""")]
    [InlineData("""{"data":null,"success":true}""", "null")]
    [InlineData("""{"other":{"data":1},"data":"\ud800"}""", "\"\\ud800\"")]
    [InlineData("""{"data":1.50}""", "1.50")]
    public async Task Data_is_handed_on_as_it_was_written(string body, string data)
    {
        var instance = await CreateAsync();
        _server.AnswerWith(200, body);
        Text(await instance.StepAsync(Utf8("{}"), default, Cancel)).ShouldBe(data);
    }

    [Fact]
    public async Task A_400_is_a_refusal_with_its_detail()
    {
        var instance = await CreateAsync();
        _server.AnswerWith(400, """{"detail":"there is no task x"}""");
        (await Should.ThrowAsync<EnvironmentRejectedException>(StepAsync(instance))).Message.ShouldBe("there is no task x");
    }

    [Theory]
    [InlineData(500, """{"detail":"it broke"}""", "it broke")]
    [InlineData(404, """{"detail":["a","b"]}""", "[\"a\",\"b\"]")]
    [InlineData(500, "", "without a detail")]
    [InlineData(502, "<html>bad gateway</html>", "without a detail")]
    [InlineData(500, """{"error":"x"}""", "without a detail")]
    [InlineData(500, "[]", "without a detail")]
    [InlineData(204, "", "without a detail")]
    public async Task Any_other_status_is_a_failure(int status, string body, string detail)
    {
        var instance = await CreateAsync();
        _server.Answer = context =>
        {
            context.Response.StatusCode = status;
            return status == 204 ? Task.CompletedTask : context.Response.WriteAsync(body);
        };
        (await Should.ThrowAsync<EnvironmentFailedException>(StepAsync(instance))).Message.ShouldContain(detail);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"success":true}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{\"data\":")]
    [InlineData("{\"data\":[1,2}")]
    [InlineData("not json")]
    public async Task A_200_without_data_is_a_failure(string body)
    {
        var instance = await CreateAsync();
        _server.AnswerWith(200, body);
        await Should.ThrowAsync<EnvironmentFailedException>(StepAsync(instance));
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_a_failure()
    {
        var instance = await CreateAsync();
        _server.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        (await Should.ThrowAsync<EnvironmentFailedException>(StepAsync(instance))).Message.ShouldContain("did not answer");
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_a_failure()
    {
        var instance = await CreateAsync();
        _server.Answer = async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("{\"data\":");
            await context.Response.Body.FlushAsync();
            context.Abort();
        };
        await Should.ThrowAsync<EnvironmentFailedException>(StepAsync(instance));
    }

    [Fact]
    public async Task A_container_that_exits_meanwhile_is_a_failure_in_one_line()
    {
        var instance = await CreateAsync();
        var arrived = new TaskCompletionSource();
        _server.Answer = context =>
        {
            arrived.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var step = StepAsync(instance);
        await arrived.Task.WaitAsync(Limit, Cancel);

        _server.Exit();

        (await Should.ThrowAsync<EnvironmentFailedException>(step)).Message.ShouldBe("the environment's container exited; the worker's log has what it printed last");
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_no_failure_of_the_environment()
    {
        var instance = await CreateAsync();
        var arrived = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        _server.Answer = async context =>
        {
            await using var registration = context.RequestAborted.Register(aborted.SetResult);
            arrived.SetResult();
            await aborted.Task;
        };
        using var given = new CancellationTokenSource();
        var step = instance.StepAsync(Utf8("{}"), default, given.Token);
        await arrived.Task.WaitAsync(Limit, Cancel);

        await given.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(step.WaitAsync(Limit, Cancel));
        await aborted.Task.WaitAsync(Limit, Cancel);
    }

    [Fact]
    public async Task Releasing_what_is_gone_is_no_error()
    {
        var instance = await CreateAsync();
        _server.AnswerWith(200, """{"success":false,"data":null}""");
        await instance.ReleaseAsync(Cancel);

        _server.Exit();
        await instance.ReleaseAsync(Cancel);
        _server.Calls.Count(call => call.Path == "/release").ShouldBe(1);
    }

    [Fact]
    public async Task Names_of_parameters_are_refused_only_where_its_settings_name_those_there_are()
    {
        var named = new EnvironmentServiceProtocol(new EnvironmentOptions { Parameters = ["difficulty"] }, TimeProvider.System);
        _server.AnswerWith(200, """{"data":{"state":[]}}""");
        await MakeAsync(_protocol, """{"dificulty":1}""");
        await MakeAsync(named, """{"difficulty":1,"seed":2,"max_steps":3,"prompt_template":"x","is_open_query":true,"colour":null}""");

        var refused = await Should.ThrowAsync<EnvironmentRejectedException>(MakeAsync(named, """{"dificulty":1}"""));

        refused.Message.ShouldBe("a takes no params.dificulty (did you mean difficulty?); there is difficulty, max_steps, prompt_template, seed");
        _server.Calls.Count.ShouldBe(2);

        // A recorded episode was made with them, perhaps before the settings named any.
        await MakeAsync(named, """{"dificulty":1}""", isReplay: true);
        _server.Calls.Count.ShouldBe(3);
    }

    private Task<IEnvironmentInstance> MakeAsync(EnvironmentServiceProtocol protocol, string parameters, bool isReplay = false) =>
        protocol.CreateAsync(_server, new NewInstance("a", "t", "e1-1-1", Utf8(parameters)) { IsReplay = isReplay }, Cancel);

    private static Task<ReadOnlyMemory<byte>> StepAsync(IEnvironmentInstance instance) => instance.StepAsync(Utf8("{}"), default, Cancel).WaitAsync(Limit, Cancel);

    private async Task<IEnvironmentInstance> CreateAsync()
    {
        _server.AnswerWith(200, """{"data":{"state":[]}}""");
        var instance = await _protocol.CreateAsync(_server, new NewInstance("a", "t", "e1-1-1", Utf8("""{ "seed": 7 }""")), Cancel);
        Text(instance.Opening).ShouldBe("""{"state":[]}""");
        _server.AnswerWith(200, """{"data":null}""");
        return instance;
    }

    private static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);
}
