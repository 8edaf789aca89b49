using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Commands.Evaluation;

/// <summary>An evaluation says of the end what the step said that ended the episode, whatever the environment knows of it.</summary>
public sealed class EvaluatedEndTests(WorkerStore store) : IClassFixture<WorkerStore>, IAsyncLifetime
{
    private TestWorker _worker = null!;

    public async ValueTask InitializeAsync() => _worker = await TestWorker.StartAsync(store);

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    [Fact]
    public async Task The_callers_limit_is_the_end_in_both()
    {
        await _worker.CreateAsync(parameters: """{"max_steps":2}""");
        (await EvaluatedAsync(_worker)).ShouldBe("null, false");
        Stepped(await _worker.StepAsync("a")).ShouldBeNull();
        (await EvaluatedAsync(_worker)).ShouldBe("null, false");

        Stepped(await _worker.StepAsync("b")).ShouldBe("\"max_steps\", true");

        (await EvaluatedAsync(_worker)).ShouldBe("\"max_steps\", true");
    }

    [Theory]
    [InlineData("""{"end_reason":"goal"}""", "\"goal\", false")]
    [InlineData("""{"end_reason":"out_of_moves","truncated":true}""", "\"out_of_moves\", true")]
    [InlineData("""{"end_reason":"é\n\"","truncated":"yes"}""", "\"é \\\"\", false")]
    [InlineData("{}", "\"terminated\", false")]
    public async Task The_environments_own_end_is_repeated(string info, string end)
    {
        await _worker.CreateAsync(parameters: """{"max_steps":1}""");
        _worker.Environment.StepAnswer = _ => $$"""{"state":[{"role":"user","content":"x"}],"reward":1,"is_terminated":true,"info":{{info}}}""";

        Stepped(await _worker.StepAsync("a")).ShouldBe(end);

        (await EvaluatedAsync(_worker)).ShouldBe(end);
    }

    [Fact]
    public async Task What_an_environment_says_otherwise_does_not_count()
    {
        await _worker.CreateAsync();
        _worker.Environment.EvaluateAnswer = _ => """{"truncated":true,"score":1.50,"end_reason":"max_steps"}""";

        var reply = await _worker.SendAsync(_worker.NewEvaluate());

        reply.Text().ShouldBe("""{"score":1.50,"end_reason":null,"truncated":false,"provenance":{"environment":"fake","image_digest":"sha256:0"}}""");
    }

    [Fact]
    public async Task An_action_that_its_environment_did_not_survive_counts_for_the_limit_too()
    {
        await _worker.CreateAsync(parameters: """{"max_steps":1}""");
        _worker.Environment.Stepping = async (instance, _, _) =>
        {
            await instance.Container.DisposeAsync();
            throw new EnvironmentFailedException("the environment's container exited");
        };

        Stepped(await _worker.StepAsync("a")).ShouldBe("\"max_steps\", true");

        (await EvaluatedAsync(_worker)).ShouldBe("\"max_steps\", true");
    }

    [Fact]
    public async Task The_end_is_the_same_after_a_replay_and_at_another_worker()
    {
        _worker.Environment.StepAnswer = _ => """{"state":[{"role":"user","content":"x"}],"reward":1,"is_terminated":true,"info":{"end_reason":"out_of_moves","truncated":true}}""";
        await _worker.CreateAsync();
        await _worker.StepAsync("a");
        var before = (await _worker.SendAsync(_worker.NewEvaluate())).Text();
        await _worker.Made[0].Container.DisposeAsync();

        (await EvaluatedAsync(_worker)).ShouldBe("\"out_of_moves\", true");

        var command = _worker.NewEvaluate();
        await _worker.CrashAsync();
        await using var next = await TestWorker.StartAsync(store, _worker.Environment);
        var reply = await next.SendAsync(command);
        (reply.End, reply.Json().GetProperty("end_reason").GetString(), reply.Json().GetProperty("truncated").GetBoolean())
            .ShouldBe((CommandEnd.Completed, "out_of_moves", true), reply.Detail);
        before.ShouldContain("\"end_reason\":\"out_of_moves\",\"truncated\":true");
    }

    [Fact]
    public async Task A_bare_number_stays_one()
    {
        await _worker.CreateAsync();
        _worker.Environment.EvaluateAnswer = _ => "1.0";
        (await _worker.SendAsync(_worker.NewEvaluate())).Text().ShouldBe("1.0");
    }

    private static string? Stepped(CommandReply step)
    {
        var info = step.Json().GetProperty("info");
        return info.TryGetProperty("end_reason", out var reason) ? $"{reason.GetRawText()}, {info.GetProperty("truncated").GetRawText()}" : null;
    }

    private static async Task<string> EvaluatedAsync(TestWorker worker)
    {
        var reply = await worker.SendAsync(worker.NewEvaluate());
        reply.End.ShouldBe(CommandEnd.Completed, reply.Detail);
        var details = reply.Json();
        return details.TryGetProperty("end_reason", out var reason) ? $"{reason.GetRawText()}, {details.GetProperty("truncated").GetRawText()}" : "nothing";
    }
}
