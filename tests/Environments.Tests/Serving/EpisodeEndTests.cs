using System.Text.Json;

namespace SandQueue.Environments.Tests.Serving;

/// <summary>How episodes end and what evaluations say of it, whatever the environment.</summary>
public sealed class EpisodeEndTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private readonly string _id = Guid.NewGuid().ToString("n");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Tasks => new() { { "faulty", "plain" }, { "frozenlake", "4x4-1000000" }, { "countdown", "3-0" } };

    [Theory]
    [MemberData(nameof(Tasks))]
    public async Task The_callers_own_limit_is_the_end_in_the_step_and_in_the_evaluation(string environment, string task)
    {
        await CreateAsync(environment, task, """{"max_steps":2}""");
        (await StepAsync("echo a")).GetProperty("is_terminated").GetBoolean().ShouldBeFalse();
        (await EndAsync()).ShouldBe("null, false");
        var last = await StepAsync("echo b");
        last.GetProperty("is_terminated").GetBoolean().ShouldBeTrue();
        last.GetProperty("info").GetProperty("end_reason").GetString().ShouldBe("max_steps");
        last.GetProperty("info").GetProperty("truncated").GetBoolean().ShouldBeTrue();
        (await EndAsync()).ShouldBe("\"max_steps\", true");
    }

    [Fact]
    public async Task After_the_limit_nothing_acts_any_more()
    {
        await CreateAsync("faulty", "plain", """{"max_steps":1}""");
        await StepAsync("echo a");
        var late = await server.CallAsync("/step", $$$"""
            {"instance_id":"{{{_id}}}","messages":{"tool_calls":[{"id":"x","function":{"name":"fault","arguments":{"action":"reward 1"} } }]} }
            """, Cancel);
        late.GetProperty("state")[0].GetProperty("content").GetString().ShouldBe("The episode is over (max_steps).");
        late.GetProperty("reward").GetDouble().ShouldBe(0);
        late.GetProperty("info").GetProperty("tool_messages")[0].GetProperty("tool_call_id").GetString().ShouldBe("x");
        (await EndAsync()).ShouldBe("\"max_steps\", true");
        (await EvaluationAsync()).GetProperty("steps").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task An_end_of_the_environments_own_takes_precedence_over_the_limit()
    {
        await CreateAsync("faulty", "plain", """{"max_steps":1}""");
        (await StepAsync("end tired")).GetProperty("info").GetProperty("end_reason").GetString().ShouldBe("tired");
        (await EndAsync()).ShouldBe("\"tired\", false");
    }

    [Fact]
    public async Task What_is_refused_or_fails_is_no_step()
    {
        await CreateAsync("faulty", "plain", """{"max_steps":1}""");
        foreach (var action in (string[])["refuse", "throw"])
        {
            (await server.PostAsync("/step", Body(action), Cancel)).Status.ShouldBeGreaterThanOrEqualTo(400);
        }

        (await StepAsync("count")).GetProperty("state")[0].GetProperty("content").GetString().ShouldBe("steps 1, evaluations 0");
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public async Task Before_the_first_step_there_is_a_score(string environment, string task)
    {
        await CreateAsync(environment, task, "{}");
        (await server.CallAsync("/evaluate", $$"""{"instance_id":"{{_id}}","params":{"sparse":true} }""", Cancel)).GetRawText().ShouldBe("0.0");
        (await EndAsync()).ShouldBe("null, false");
    }

    private Task<JsonElement> CreateAsync(string environment, string task, string parameters) =>
        server.CallAsync("/create", $$"""{"env_type":"{{environment}}","task_id":"{{task}}","instance_id":"{{_id}}","params":{{parameters}}}""", Cancel);

    private string Body(string action) => $$"""{"instance_id":"{{_id}}","messages":{"role":"assistant","content":"{{action}}"} }""";

    private Task<JsonElement> StepAsync(string action) => server.CallAsync("/step", Body(action), Cancel);

    private Task<JsonElement> EvaluationAsync() => server.CallAsync("/evaluate", $$"""{"instance_id":"{{_id}}"}""", Cancel);

    private async Task<string> EndAsync()
    {
        var evaluation = await EvaluationAsync();
        return $"{evaluation.GetProperty("end_reason").GetRawText()}, {evaluation.GetProperty("truncated").GetRawText()}";
    }
}
