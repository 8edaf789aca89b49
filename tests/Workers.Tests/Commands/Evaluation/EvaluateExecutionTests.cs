using SandQueue.Contracts;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Commands.Evaluation;

public sealed class EvaluateExecutionTests(WorkerStore store) : IClassFixture<WorkerStore>, IAsyncLifetime
{
    private TestWorker _worker = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _worker = await TestWorker.StartAsync(store);
        await _worker.CreateAsync();
        await _worker.StepAsync("{}");
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    [Fact]
    public async Task A_score_is_in_the_journal_when_it_is_answered_with_the_episodes_provenance()
    {
        var command = _worker.NewEvaluate();

        var reply = await _worker.SendAsync(command);

        reply.Json().GetProperty("score").GetDouble().ShouldBe(0.25);
        reply.Json().GetProperty("provenance").GetProperty("image_digest").GetString().ShouldBe("sha256:0");
        var entry = (await store.Episodes.FindCommandAsync(command.Tenant, command.CommandId, Cancel))!;
        entry.Answer.ShouldBe(reply.Answer);
        (entry.Kind, entry.Step, entry.Reward).ShouldBe((JournalKind.Evaluate, null, 0.25));
        (await _worker.StepAsync("{}")).Step().ShouldBe(2);
    }

    [Fact]
    public async Task The_same_command_id_is_one_evaluation()
    {
        var command = _worker.NewEvaluate();

        var first = await _worker.SendAsync(command);
        var again = await _worker.SendAsync(command);
        var other = await _worker.SendAsync(command with { Params = "{\"sparse\":true}"u8.ToArray() });

        again.Answer.ShouldBe(first.Answer);
        (other.End, other.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.Conflict));
        _worker.Made[0].Done.Count(done => done == "evaluate").ShouldBe(1);
    }

    [Fact]
    public async Task The_id_of_a_step_is_no_id_for_an_evaluation()
    {
        var step = _worker.NewStep("{}");
        await _worker.SendAsync(step);

        var reply = await _worker.SendAsync(_worker.NewEvaluate() with { CommandId = step.CommandId });

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.Conflict));
    }

    [Fact]
    public async Task Before_the_first_step_the_score_is_the_environments_too()
    {
        await _worker.CreateAsync("fresh");

        var reply = await _worker.SendAsync(_worker.NewEvaluate("fresh"));

        (reply.End, reply.Json().GetProperty("score").GetDouble()).ShouldBe((CommandEnd.Completed, 0.25), reply.Detail);
        (await _worker.StepAsync("{}", "fresh")).Step().ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_is_no_JSON_is_a_failure_and_no_score()
    {
        _worker.Environment.EvaluateAnswer = _ => "0.5 points";

        var failed = await _worker.SendAsync(_worker.NewEvaluate());

        (failed.End, failed.Cause, failed.Answer.Length).ShouldBe((CommandEnd.Failed, FailureCause.Infrastructure, 0));
        failed.Detail!.ShouldContain("cannot be read");
        _worker.Environment.EvaluateAnswer = null;
        (await _worker.SendAsync(_worker.NewEvaluate())).End.ShouldBe(CommandEnd.Completed);
        _worker.Made.Count.ShouldBe(2, "what the call did is unknown, so the instance is rebuilt");
    }

    [Fact]
    public async Task A_failure_has_no_score_and_the_next_command_goes_on_from_the_journal()
    {
        _worker.Environment.Evaluating = (_, _) => throw new EnvironmentFailedException("it broke");

        var failed = await _worker.SendAsync(_worker.NewEvaluate());
        _worker.Environment.Evaluating = (_, _) => Task.CompletedTask;

        (failed.End, failed.Cause).ShouldBe((CommandEnd.Failed, FailureCause.Infrastructure));
        failed.Answer.ShouldBeEmpty();
        (await _worker.SendAsync(_worker.NewEvaluate())).End.ShouldBe(CommandEnd.Completed);
        _worker.Made[1].Done.ShouldBe(["{}", "evaluate"]);
    }

    [Fact]
    public async Task A_refusal_changes_nothing()
    {
        _worker.Environment.Evaluating = (_, _) => throw new EnvironmentRejectedException("params are wrong");

        var refused = await _worker.SendAsync(_worker.NewEvaluate());

        (refused.End, refused.Reason, refused.Detail).ShouldBe((CommandEnd.Rejected, CommandReason.InvalidRequest, "params are wrong"));
        (await _worker.StepAsync("{}")).Step().ShouldBe(2);
        _worker.Made.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_evaluation_without_an_answer_expires()
    {
        var gate = new Gate();
        _worker.Environment.Evaluating = (_, cancellationToken) => gate.PassAsync(cancellationToken);
        var sent = _worker.SendAsync(_worker.NewEvaluate());
        await gate.Arrived;

        store.Time.Advance(TimeSpan.FromMinutes(1));

        (await sent).End.ShouldBe(CommandEnd.Expired);
        gate.Open();
        (await _worker.StepAsync("{}")).Step().ShouldBe(2);
    }
}
