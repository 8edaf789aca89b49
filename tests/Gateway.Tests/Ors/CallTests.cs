using System.Text;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Tests.Doors;
using SandQueue.Gateway.Tests.RestV1;
using SandQueue.Routing.Outcomes;
using SandQueue.Testing;

namespace SandQueue.Gateway.Tests.Ors;

/// <summary>A call is a step, answered by events.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private readonly DoorServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_call_is_a_step_and_its_id_the_commands()
    {
        var call = await _server.CallAsync("s", """{"name":"move","input":{"to":[1, 2]}}""");

        call.Events.Select(sent => sent.Name).ShouldBe(["task_id", "end"]);
        var output = call.Result!.Value.GetProperty("output");
        call.Result!.Value.GetProperty("ok").GetBoolean().ShouldBeTrue();
        output.GetProperty("blocks").GetRawText().ShouldBe("""[{"text":"Step 1.","detail":null,"type":"text"}]""");
        (output.GetProperty("reward").GetDouble(), output.GetProperty("finished").GetBoolean(), output.GetProperty("metadata").GetProperty("step").GetInt32()).ShouldBe((0.0, false, 1));
        var step = _server.Router.Sent.OfType<StepInstance>().ShouldHaveSingleItem();
        (step.Tenant, step.InstanceId, step.CommandId, step.HasNoIdempotencyKey, step.ExpectedStep).ShouldBe(("mine", "s", call.TaskId, true, null));
        Encoding.UTF8.GetString(step.Action).ShouldBe("""{"role":"assistant","content":null,"tool_calls":[{"id":"call","type":"function","function":{"name":"move","arguments":{"to":[1, 2]}}}]}""");
    }

    [Fact]
    public async Task A_call_that_is_asked_for_again_is_the_same_command()
    {
        var first = await _server.CallAsync("s", """{"name":"move","input":{}}""");

        var again = await _server.CallAsync("s", $$"""{"name":"move","input":{},"task_id":"{{first.TaskId}}"}""");

        again.TaskId.ShouldBe(first.TaskId);
        _server.Router.Sent.OfType<StepInstance>().Select(step => step.CommandId).ShouldBe([first.TaskId, first.TaskId]);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_in_an_answer_is_told()
    {
        var output = (await _server.CallAsync("s", """{"name":"move","input":{"to":"cut"}}""")).Result!.Value.GetProperty("output");

        output.GetProperty("metadata").GetProperty("info").GetProperty("odd").GetString().ShouldBe("\uFFFD");
    }

    [Fact]
    public async Task The_last_call_has_the_score_beside_its_reward()
    {
        foreach (var _ in (int[])[1, 2]) await _server.CallAsync("s", """{"name":"move"}""");

        var output = (await _server.CallAsync("s", """{"name":"move"}""")).Result!.Value.GetProperty("output");

        (output.GetProperty("reward").GetDouble(), output.GetProperty("finished").GetBoolean()).ShouldBe((1.0, true));
        (output.GetProperty("metadata").GetProperty("score").GetDouble(), output.GetProperty("metadata").GetProperty("end_reason").GetString()).ShouldBe((0.75, "goal"));
    }

    [Fact]
    public async Task A_call_that_is_asked_for_again_after_its_instance_ended_is_answered_from_the_journal_at_a_gateway_that_never_saw_it()
    {
        const string Say = """{"name":"send_message","input":{"content":"right"},"task_id":"call1"}""";
        const string Step = """{"state":[{"role":"user","content":"There."}],"reward":1.0,"is_terminated":true,"info":{"step":1,"end_reason":"goal","truncated":false}}""";
        await new EndedEpisode(_server, "gone").RecordAsync("""{"role":"assistant","content":"right"}""", Step, """{"score":0.5,"details":"recorded"}""");
        _server.Router.Answer = command => Task.FromResult(command switch
        {
            StepInstance { CommandId: "call1" } => RecordingRouter.Completed(Step),
            _ => new CommandOutcome.Rejected(CommandReason.Released, "instance 'gone' has ended"),
        });

        var again = await _server.CallAsync("gone", Say);

        var output = again.Result!.Value.GetProperty("output");
        (output.GetProperty("reward").GetDouble(), output.GetProperty("finished").GetBoolean()).ShouldBe((1.0, true));
        var metadata = output.GetProperty("metadata");
        (metadata.GetProperty("score").GetDouble(), metadata.GetProperty("evaluation").GetProperty("details").GetString()).ShouldBe((0.5, "recorded"));

        var another = await _server.CallAsync("gone", """{"name":"send_message","input":{"content":"left"}}""");
        another.Result!.Value.GetRawText().ShouldBe("""{"ok":false,"error":"instance \u0027gone\u0027 has ended (released)"}""");
        (await _server.SendAsync("GET", "/lake/prompt", headers: ("X-Session-ID", "gone"))).DetailOf(410).ShouldContain("gone");
    }

    [Theory]
    [InlineData("fail", "the environment failed (environment_failed)")]
    [InlineData("lost", "the instance is lost (lost)")]
    [InlineData("slowly", "no answer came in time (timed_out)")]
    public async Task A_call_that_failed_is_not_ok_and_has_no_reward(string tool, string told) =>
        (await _server.CallAsync("s", $$"""{"name":"{{tool}}"}""")).Result!.Value.GetRawText().ShouldBe($$"""{"ok":false,"error":"{{told}}"}""");

    [Fact]
    public async Task A_call_whose_end_is_unknown_has_none_so_that_its_client_asks_again()
    {
        var call = await _server.CallAsync("s", """{"name":"unknown"}""");

        call.Result.ShouldBeNull();
        call.Events.ShouldHaveSingleItem().Name.ShouldBe("task_id");
    }

    [Fact]
    public async Task A_long_result_comes_in_pieces_that_lose_nothing()
    {
        var text = string.Concat(Enumerable.Range(0, 3000).Select(i => i % 7 == 0 ? "      " : "ä\u2028\u00a0\n\"\U0001F600x"));
        _server.Router.Answer = _ => Task.FromResult(RecordingRouter.Completed(
            $$$"""{"state":[{"role":"user","content":{{{JsonSerializer.Serialize(text)}}}}],"reward":0.5,"is_terminated":false,"info":{"step":1}}"""));

        var call = await _server.CallAsync("s", """{"name":"move"}""");

        call.Events.Count.ShouldBeGreaterThan(10);
        call.Events.ShouldAllBe(sent => sent.Data.Length <= 4096 && sent.Data.All(char.IsAscii));
        call.Events.Skip(1).SkipLast(1).ShouldAllBe(sent => sent.Name == "chunk");
        call.Result!.Value.GetProperty("output").GetProperty("blocks")[0].GetProperty("text").GetString().ShouldBe(text);
    }

    [Fact]
    public async Task A_client_that_hangs_up_is_reported_so_that_its_next_call_can_be_the_same()
    {
        var began = new TaskCompletionSource();
        _server.Router.Answer = async _ =>
        {
            began.SetResult();
            await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
            return new CommandOutcome.Unknown();
        };
        using var http = new HttpClient { BaseAddress = _server.Address };
        using var hangUp = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/lake/call") { Content = new StringContent("""{"name":"move"}""") };
        request.Headers.Add("X-API-Key", "key-one");
        request.Headers.Add("X-Session-ID", "s");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, hangUp.Token);
        await using var stream = await response.Content.ReadAsStreamAsync(hangUp.Token);

        // The id is there before the step is: whoever has it can ask again.
        var first = new byte[200];
        Encoding.ASCII.GetString(first, 0, await stream.ReadAsync(first, hangUp.Token)).ShouldStartWith("event: task_id\ndata: ");
        await began.Task;
        response.Dispose();

        await Until.TrueAsync("it is reported", () => _server.Router.Undelivered.OfType<StepInstance>().Any(step => step.InstanceId == "s"), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_database_that_is_away_is_told_in_the_result()
    {
        _server.Router.Answer = _ => throw new Microsoft.Data.Sqlite.SqliteException("away", 5);
        (await _server.CallAsync("s", """{"name":"move"}""")).Result!.Value.GetProperty("error").GetString()!.ShouldContain("database_unavailable");
    }

    [Fact]
    public async Task The_doors_own_tool_needs_a_session_that_has_an_instance() =>
        (await _server.SendAsync("POST", "/lake/call", """{"name":"send_message","input":{"content":"x"}}""", headers: ("X-Session-ID", "s"))).DetailOf(404).ShouldContain("no instance");
}
