using System.Net;
using System.Text;
using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Tests.RestV1;

/// <summary>What becomes a command, and what becomes of its outcome.</summary>
public sealed class CommandRoutesTests : IAsyncLifetime
{
    private const string Left = """{"role":"assistant","content":"left"}""";

    private readonly RestServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_create_is_answered_with_201_and_where_its_instance_is()
    {
        _server.Router.Answer = _ => Task.FromResult(RecordingRouter.Completed("""{"state":[], "info":{}}"""));

        var answer = await _server.SendAsync("POST", "/v1/instances?timeout=2.5", """{"env_type":"e","task_id":"t","instance_id":"a/b ü","params":{"seed": 1}}""", headers: ("Idempotency-Key", "k"));

        answer.Status.ShouldBe(HttpStatusCode.Created);
        answer.Location.ShouldBe("/v1/instances/a%2Fb%20%C3%BC");
        answer.Body.ShouldBe("""{"command_id":"k","instance_id":"a/b ü","end":"completed","answer":{"state":[], "info":{}}}""");
        var create = _server.Router.Sent.ShouldHaveSingleItem().ShouldBeOfType<CreateInstance>();
        (create.Tenant, create.CommandId, create.EnvType, create.TaskId, create.InstanceId, create.RemainingMs).ShouldBe(("mine", "k", "e", "t", "a/b ü", 2500));
        Encoding.UTF8.GetString(create.Params).ShouldBe("""{"seed": 1}""");
        create.HasNoIdempotencyKey.ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("k", false)]
    public async Task A_create_without_a_name_has_its_commands_id_for_one(string? key, bool isUnprotected)
    {
        await _server.SendAsync("POST", "/v1/instances", """{"env_type":"e","task_id":"t"}""", headers: key is null ? [] : [("Idempotency-Key", key)]);

        var create = _server.Router.Sent.ShouldHaveSingleItem().ShouldBeOfType<CreateInstance>();
        create.InstanceId.ShouldBe(create.CommandId);
        create.HasNoIdempotencyKey.ShouldBe(isUnprotected);
        create.RemainingMs.ShouldBe(55_000);
    }

    [Theory]
    [InlineData("/v1/instances/i/steps", "i")]
    [InlineData("/v1//instances/i/steps", "i")]
    [InlineData("/v1/instances/a%2Fb/steps", "a/b")]
    [InlineData("/v1/instances/a%252Fb/steps", "a%2Fb")]
    [InlineData("/v1/instances/a%2fb%20%C3%A4/steps?timeout=1", "a/b ä")]
    public async Task A_name_in_a_path_may_have_any_characters(string path, string name)
    {
        (await _server.SendAsync("POST", path, $$"""{"action":{{Left}},"step":3}""")).Status.ShouldBe(HttpStatusCode.OK);

        var step = _server.Router.Sent.ShouldHaveSingleItem().ShouldBeOfType<StepInstance>();
        (step.InstanceId, step.ExpectedStep, step.HasNoIdempotencyKey).ShouldBe((name, 3, false));
        Encoding.UTF8.GetString(step.Action).ShouldBe(Left);
    }

    [Fact]
    public async Task An_evaluation_needs_no_body_and_a_release_takes_none()
    {
        (await _server.SendAsync("POST", "/v1/instances/i/evaluations")).Status.ShouldBe(HttpStatusCode.OK);
        (await _server.SendAsync("DELETE", "/v1/instances/i", headers: ("Idempotency-Key", "r"))).Json.GetProperty("command_id").GetString().ShouldBe("r");
        _server.Router.Sent.Select(command => command.GetType()).ShouldBe([typeof(EvaluateInstance), typeof(ReleaseInstance)]);
    }

    public static TheoryData<CommandOutcome, int, string, string?> Ends() => new()
    {
        { new CommandOutcome.Rejected(CommandReason.UnknownInstance, "why"), 404, "unknown_instance", null },
        { new CommandOutcome.Rejected(CommandReason.Released, "why"), 404, "released", null },
        { new CommandOutcome.Rejected(CommandReason.EpisodeOver, "why"), 409, "episode_over", null },
        { new CommandOutcome.Rejected(CommandReason.NoCapacity, "why"), 503, "no_capacity", null },
        { new CommandOutcome.Rejected(CommandReason.OverLimit, "why"), 429, "over_limit", null },
        { new CommandOutcome.Failed(CommandReason.EnvironmentFailed, "why", FailureCause.Infrastructure), 500, "environment_failed", "infrastructure" },
        { new CommandOutcome.Failed(CommandReason.Lost, "why", FailureCause.Infrastructure), 410, "lost", "infrastructure" },
        { new CommandOutcome.Failed(CommandReason.EnvironmentFailed, "why", FailureCause.Agent), 500, "environment_failed", "agent" },
        { new CommandOutcome.Expired("why"), 504, "timed_out", "infrastructure" },
        { new CommandOutcome.Cancelled("why"), 409, "caller_gone", "caller" },
        { new CommandOutcome.Unknown(), 504, "unknown_end", "infrastructure" },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task An_outcome_without_an_answer_is_a_problem_and_has_no_reward(CommandOutcome outcome, int status, string code, string? cause)
    {
        _server.Router.Answer = _ => Task.FromResult(outcome);

        var answer = await _server.SendAsync("POST", "/v1/instances/i/steps", $$"""{"action":{{Left}}}""", headers: ("Idempotency-Key", "k"));

        answer.ProblemOf(status, code).ShouldContain(outcome is CommandOutcome.Unknown ? "the same Idempotency-Key" : "why");
        answer.RetryAfter.ShouldBe(status switch { 503 => "5", 429 => "1", _ => null });
        answer.Json.GetProperty("command_id").GetString().ShouldBe("k");
        if (cause is null) return;
        answer.Json.GetProperty("reward").GetRawText().ShouldBe("null");
        answer.Json.GetProperty("valid").GetBoolean().ShouldBeFalse();
        answer.Json.GetProperty("cause").GetString().ShouldBe(cause);
    }

    [Fact]
    public async Task Steps_of_a_vector_run_side_by_side_and_each_has_its_end_in_their_order()
    {
        var both = new TaskCompletionSource();
        _server.Router.Answer = async command =>
        {
            // The first waits for the last.
            if (((StepInstance)command).InstanceId == "a") await both.Task;
            else if (((StepInstance)command).InstanceId == "c") both.SetResult();
            return ((StepInstance)command).InstanceId == "b" ? new CommandOutcome.Rejected(CommandReason.UnknownInstance, "there is no b") : RecordingRouter.Completed($"\"{command.CommandId}\"");
        };

        var answer = await _server.SendAsync(
            "POST", "/v1/steps", $$"""{"steps":[{"instance_id":"a","action":{{Left}},"command_id":"own"},{"instance_id":"b","action":{{Left}}},{"instance_id":"c","action":{{Left}},"step":7}]}""", headers: ("Idempotency-Key", "k"));

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Body.ShouldBe(
            """
            {"results":[{"command_id":"own","instance_id":"a","end":"completed","answer":"own"},{"command_id":"k.1","instance_id":"b","end":"rejected","problem":{"type":"about:blank","title":"Not Found","status":404,"code":"unknown_instance","detail":"there is no b","command_id":"k.1"}},{"command_id":"k.2","instance_id":"c","end":"completed","answer":"k.2"}]}
            """);
    }

    [Fact]
    public async Task A_vector_of_no_steps_has_no_results() => (await _server.SendAsync("POST", "/v1/steps", """{"steps":[]}""")).Body.ShouldBe("""{"results":[]}""");

    [Theory]
    [InlineData("""{}""", "steps is required")]
    [InlineData("""{"steps":{}}""", "steps must be an array, not an object")]
    [InlineData("""{"steps":[1]}""", "steps[0]: must be an object, not 1")]
    [InlineData("""{"steps":[{"instance_id":"a"}]}""", "steps[0]: action is required")]
    [InlineData("""{"steps":[{"action":{"content":"x"}}]}""", "steps[0]: instance_id is required")]
    [InlineData("""{"steps":[{"instance_id":"a","action":{"content":"x"},"number":1}]}""", "steps[0]: unknown member 'number'; known are action, step, params, instance_id, command_id")]
    [InlineData("""{"steps":[{"instance_id":"a","action":{"content":"x"}},{"instance_id":"a","action":{"content":"x"}}]}""", "steps[0] and steps[1] are both for instance 'a'")]
    [InlineData("""{"steps":[{"instance_id":"a","action":{"content":"x"},"command_id":"c"},{"instance_id":"b","action":{"content":"x"},"command_id":"c"}]}""", "steps[0] and steps[1] both have the id 'c'")]
    [InlineData("""{"step":[]}""", "unknown member 'step'; known are steps")]
    public async Task Of_a_vector_with_a_wrong_step_none_is_taken(string body, string told)
    {
        (await _server.SendAsync("POST", "/v1/steps", body)).ProblemOf(400, "invalid_request").ShouldContain(told);
        _server.Router.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_vector_has_a_limit()
    {
        var steps = string.Join(',', Enumerable.Range(0, 257).Select(index => $$"""{"instance_id":"{{index}}","action":{{Left}}}"""));
        (await _server.SendAsync("POST", "/v1/steps", $$"""{"steps":[{{steps}}]}""")).ProblemOf(400, "too_many_steps").ShouldContain("Gateway:MaxVectorSteps");
    }
}
