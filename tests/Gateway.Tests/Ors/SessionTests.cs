using System.Net;
using SandQueue.Contracts;
using SandQueue.Gateway.Tests.Doors;
using SandQueue.Testing.Ors;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Tests.Ors;

/// <summary>What environments have, and the life of a session.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private static readonly (string, string) Session = ("X-Session-ID", "s");

    private readonly DoorServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("GET", "/list_environments", null, """["lake","talk"]""")]
    [InlineData("GET", "/lake/splits", null, """[{"name":"train","type":"train"},{"name":"val","type":"validation"}]""")]
    [InlineData("GET", "/LAKE/splits", null, """[{"name":"train","type":"train"},{"name":"val","type":"validation"}]""")]
    [InlineData("POST", "/lake/tasks", """{"split":"train"}""", """{"tasks":[{"task_id":"a"},{"task_id":"b"},{"task_id":"c"}],"env_name":"lake"}""")]
    [InlineData("POST", "/lake/num_tasks", """{"split":"train"}""", """{"num_tasks":3}""")]
    [InlineData("POST", "/lake/num_tasks", """{"split":"val"}""", """{"num_tasks":0}""")]
    [InlineData("POST", "/lake/task", """{"split":"train","index":1}""", """{"task":{"task_id":"b"}}""")]
    [InlineData("POST", "/lake/task", """{"split":"train","index":-1}""", """{"task":{"task_id":"c"}}""")]
    [InlineData("POST", "/lake/task_range", """{"split":"train","start":1}""", """{"tasks":[{"task_id":"b"},{"task_id":"c"}]}""")]
    [InlineData("POST", "/lake/task_range", """{"split":"train","start":-2,"stop":-1}""", """{"tasks":[{"task_id":"b"}]}""")]
    [InlineData("POST", "/lake/task_range", """{"split":"train","start":2,"stop":1}""", """{"tasks":[]}""")]
    [InlineData("POST", "/lake/task_range", """{"split":"train","stop":99}""", """{"tasks":[{"task_id":"a"},{"task_id":"b"},{"task_id":"c"}]}""")]
    public async Task An_environment_says_what_it_has(string method, string path, string? body, string told)
    {
        var answer = await _server.SendAsync(method, path, body);
        (answer.Status, answer.Body).ShouldBe((HttpStatusCode.OK, told));
    }

    [Fact]
    public async Task The_tools_that_all_tasks_have_are_known_before_there_is_a_session_and_what_was_made_to_see_them_is_given_up()
    {
        foreach (var _ in (int[])[1, 2])
        {
            var tools = (await _server.SendAsync("GET", "/lake/tools")).Json.GetProperty("tools");
            tools.EnumerateArray().Select(tool => tool.GetProperty("name").GetString()).ShouldBe(["move", "send_message"]);
            tools[0].GetRawText().ShouldBe("""{"name":"move","description":"Moves.","input_schema":{"type":"object"}}""");
        }

        _server.Router.Sent.OfType<CreateInstance>().Select(create => create.TaskId).ShouldBe(["a", "c"]);
        _server.Router.Undelivered.OfType<CreateInstance>().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_session_is_a_name_that_nobody_guesses_and_its_create_happens_once()
    {
        var opened = await _server.SendAsync("POST", "/create_session", "{}");
        opened.ContentType.ShouldBe("text/event-stream");
        var events = OrsCall.Read(opened.Body).Events;
        events.Select(sent => sent.Name).ShouldBe(["task_id", "end"]);
        var session = events[0].Data;
        session.Length.ShouldBeGreaterThan(32);
        OrsCall.Read((await _server.SendAsync("POST", "/create_session", "{}")).Body).Events[0].Data.ShouldNotBe(session);

        var created = await _server.SendAsync("POST", "/create", """{"env_name":"lake","task_spec":{"task_id":"b","params":{"seed":1}}}""", headers: ("X-Session-ID", session));

        (created.Status, created.Body).ShouldBe((HttpStatusCode.OK, $$"""{"sid":"{{session}}"}"""));
        var create = _server.Router.Sent.OfType<CreateInstance>().ShouldHaveSingleItem();
        (create.Tenant, create.CommandId, create.InstanceId, create.EnvType, create.TaskId, create.HasNoIdempotencyKey).ShouldBe(("mine", session, session, "lake", "b", false));
        System.Text.Encoding.UTF8.GetString(create.Params).ShouldBe("""{"seed":1}""");
    }

    [Fact]
    public async Task A_task_may_be_named_by_its_place_and_its_environment_by_the_next_call()
    {
        (await _server.SendAsync("POST", "/create", """{"env_name":"lake","split":"train","index":2}""", headers: ("X-Session-ID", "named"))).Status.ShouldBe(HttpStatusCode.OK);
        _server.Router.Sent.OfType<CreateInstance>().ShouldHaveSingleItem().TaskId.ShouldBe("c");

        (await _server.SendAsync("POST", "/create", """{"split":"train","index":1}""", headers: Session)).Status.ShouldBe(HttpStatusCode.OK);
        _server.Router.Sent.OfType<CreateInstance>().Count().ShouldBe(1);
        (await _server.SendAsync("POST", "/ping", "", headers: Session)).Status.ShouldBe(HttpStatusCode.OK);
        (await _server.CallAsync("s", """{"name":"move"}""", key: "key-two")).Result.ShouldNotBeNull();
        _server.Router.Sent.OfType<CreateInstance>().Count().ShouldBe(1, "another tenant's call does not begin it");
        foreach (var _ in (int[])[1, 2]) (await _server.CallAsync("s", """{"name":"move"}""")).Result.ShouldNotBeNull();
        _server.Router.Sent.OfType<CreateInstance>().Where(create => create.InstanceId == "s").ShouldHaveSingleItem().TaskId.ShouldBe("b");
    }

    [Fact]
    public async Task The_create_of_AgentScope_is_told_apart_by_the_header()
    {
        (await _server.SendAsync("POST", "/create", "{}")).Body.ShouldBe("AgentScope's");
        (await _server.SendAsync("POST", "/create", "{}", headers: Session)).DetailOf(400).ShouldContain("name the task");
        (await _server.SendAsync("GET", "/create")).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Theory]
    [InlineData("/delete")]
    [InlineData("/delete_session")]
    public async Task A_session_is_deleted_also_where_there_is_nothing_to_delete(string path)
    {
        foreach (var outcome in (CommandOutcome?[])[null, new CommandOutcome.Rejected(CommandReason.UnknownInstance, "none"), new CommandOutcome.Rejected(CommandReason.Released, "gone"), new CommandOutcome.Failed(CommandReason.Lost, "lost", FailureCause.Infrastructure)])
        {
            if (outcome is not null) _server.Router.Answer = _ => Task.FromResult(outcome);
            var answer = await _server.SendAsync("POST", path, "", headers: Session);
            (answer.Status, answer.Body).ShouldBe((HttpStatusCode.OK, """{"sid":"s"}"""));
        }

        _server.Router.Answer = _ => Task.FromResult<CommandOutcome>(new CommandOutcome.Unknown());
        (await _server.SendAsync("POST", path, "", headers: Session)).DetailOf(504);
        _server.Router.Sent.OfType<ReleaseInstance>().ShouldAllBe(release => release.InstanceId == "s" && release.Tenant == "mine");
    }

    [Theory]
    [InlineData("POST", "/ping")]
    [InlineData("GET", "/lake/prompt")]
    [InlineData("GET", "/lake/task_tools")]
    public async Task A_session_without_an_instance_is_told_so(string method, string path)
    {
        (await _server.SendAsync(method, path, headers: Session)).DetailOf(404).ShouldContain("POST /create");
        (await _server.SendAsync(method, path)).DetailOf(400).ShouldContain("X-Session-ID");
        (await _server.SendAsync(method, path, headers: ("X-Session-ID", new string('x', 201)))).DetailOf(400).ShouldContain("200");
    }

    [Theory]
    [InlineData("""{"task_spec":{"task_id":"full"},"env_name":"lake"}""", 503)]
    [InlineData("""{"task_spec":{"task_id":"broken"},"env_name":"lake"}""", 500)]
    public async Task An_instance_that_cannot_be_made_is_the_status_that_says_why(string body, int status) => (await _server.SendAsync("POST", "/create", body, headers: Session)).DetailOf(status);
}
