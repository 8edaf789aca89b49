using SandQueue.Contracts;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Commands.Stepping;

public sealed class StepExecutionTests(WorkerStore store) : IClassFixture<WorkerStore>, IAsyncLifetime
{
    private TestWorker _worker = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _worker = await TestWorker.StartAsync(store);
        await _worker.CreateAsync();
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    [Fact]
    public async Task A_step_is_in_the_journal_when_it_is_answered()
    {
        var command = _worker.NewStep("""{"content":"hello"}""");

        var reply = await _worker.SendAsync(command);

        (reply.End, reply.Owner, reply.Step()).ShouldBe((CommandEnd.Completed, _worker.Name, 1));
        var entry = (await store.Episodes.FindCommandAsync(command.Tenant, command.CommandId, Cancel))!;
        entry.Answer.ShouldBe(reply.Answer);
        entry.Action.ShouldBe(command.Action);
        (entry.Kind, entry.Step, entry.Reward, entry.Terminated, entry.Worker).ShouldBe((JournalKind.Step, 1, 1.5, false, _worker.Name));
        (await _worker.RowAsync()).NextStep.ShouldBe(2);
    }

    [Fact]
    public async Task The_same_command_id_gets_the_first_answer_and_takes_no_step()
    {
        var command = _worker.NewStep("{}");
        var first = await _worker.SendAsync(command);
        await _worker.StepAsync("{}");

        var again = await _worker.SendAsync(command);

        again.Answer.ShouldBe(first.Answer);
        _worker.Made[0].Done.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_same_command_id_at_the_same_time_is_one_step()
    {
        var command = _worker.NewStep("{}");

        var replies = await Task.WhenAll(_worker.SendAsync(command), _worker.SendAsync(command));

        replies[1].Answer.ShouldBe(replies[0].Answer);
        _worker.Made[0].Done.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_same_command_id_with_another_action_is_a_conflict()
    {
        var command = _worker.NewStep("{}");
        await _worker.SendAsync(command);

        var reply = await _worker.SendAsync(_worker.NewStep("""{"other":1}""") with { CommandId = command.CommandId });

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.Conflict));
        reply.Detail!.ShouldContain(command.CommandId);
        _worker.Made[0].Done.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_step_may_name_its_number()
    {
        (await _worker.SendAsync(_worker.NewStep("{}", expected: 1))).Step().ShouldBe(1);
        (await _worker.SendAsync(_worker.NewStep("{}", expected: 2))).Step().ShouldBe(2);
    }

    [Fact]
    public async Task A_number_that_was_taken_gets_its_answer_for_the_same_action_only()
    {
        var first = await _worker.SendAsync(_worker.NewStep("""{"a":1}""", expected: 1));
        await _worker.StepAsync("{}");

        (await _worker.SendAsync(_worker.NewStep("""{"a":1}""", expected: 1))).Answer.ShouldBe(first.Answer);
        var other = await _worker.SendAsync(_worker.NewStep("""{"a":2}""", expected: 1));

        (other.End, other.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.Conflict));
        other.Detail!.ShouldContain("the next is 3");
        _worker.Made[0].Done.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_step_that_is_repeated_by_its_number_may_be_repeated_again_under_that_id()
    {
        var first = await _worker.SendAsync(_worker.NewStep("""{"a":1}""", expected: 1));
        var repeated = _worker.NewStep("""{"a":1}""", expected: 1) with { HasNoIdempotencyKey = true };
        await _worker.StepAsync("{}");

        for (var copy = 1; copy <= 2; copy++)
        {
            var reply = await _worker.SendAsync(repeated);
            (reply.End, reply.Detail).ShouldBe((CommandEnd.Completed, null), $"copy {copy}");
            reply.Answer.ShouldBe(first.Answer);
        }

        _worker.Made.ShouldHaveSingleItem().Done.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public async Task A_number_that_is_not_the_next_is_a_conflict(int expected)
    {
        var reply = await _worker.SendAsync(_worker.NewStep("{}", expected: expected));

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.Conflict));
        reply.Detail!.ShouldContain("is 1");
        _worker.Made[0].Done.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_ended_episode_takes_no_step_and_can_still_be_evaluated()
    {
        (await _worker.StepAsync(FakeInstance.End)).Json().GetProperty("is_terminated").GetBoolean().ShouldBeTrue();

        var reply = await _worker.SendAsync(_worker.NewStep("{}"));

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.EpisodeOver));
        (await _worker.SendAsync(_worker.NewEvaluate())).End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task The_callers_limit_ends_the_episode_truncated()
    {
        await _worker.CreateAsync("limited", """{"max_steps":2}""");
        await _worker.StepAsync("{}", "limited");

        var last = (await _worker.StepAsync("{}", "limited")).Json();

        last.GetProperty("is_terminated").GetBoolean().ShouldBeTrue();
        last.GetProperty("info").GetProperty("end_reason").GetString().ShouldBe("max_steps");
        last.GetProperty("info").GetProperty("truncated").GetBoolean().ShouldBeTrue();
        (await _worker.SendAsync(_worker.NewStep("{}", "limited"))).Reason.ShouldBe(CommandReason.EpisodeOver);
    }

    [Fact]
    public async Task What_the_environment_refuses_is_no_step()
    {
        _worker.Environment.Stepping = (_, action, _) => action == "bad" ? throw new EnvironmentRejectedException("not a message") : Task.CompletedTask;

        var reply = await _worker.SendAsync(_worker.NewStep("bad"));

        (reply.End, reply.Reason, reply.Detail).ShouldBe((CommandEnd.Rejected, CommandReason.InvalidRequest, "not a message"));
        (await _worker.StepAsync("{}")).Step().ShouldBe(1);
        _worker.Made.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_the_environment_refuses_leaves_its_id_to_the_fixed_step_and_to_no_copy_of_itself()
    {
        _worker.Environment.Stepping = (_, action, _) => action == "bad" ? throw new EnvironmentRejectedException("not a message") : Task.CompletedTask;
        var bad = _worker.NewStep("bad");
        var good = bad with { Action = "{}"u8.ToArray() };
        (await _worker.SendAsync(bad)).Reason.ShouldBe(CommandReason.InvalidRequest);
        _worker.Environment.Stepping = (_, _, _) => Task.CompletedTask;

        (await _worker.SendAsync(bad)).Reason.ShouldBe(CommandReason.InvalidRequest, "its caller was told that it was not executed");
        var reply = await _worker.SendAsync(good);
        (reply.End, reply.Step()).ShouldBe((CommandEnd.Completed, 1));

        (await _worker.SendAsync(good)).Answer.ShouldBe(reply.Answer);
        (await _worker.SendAsync(bad)).Reason.ShouldBe(CommandReason.Conflict);
        _worker.Made[0].Done.ShouldBe(["{}"]);
        (await _worker.RowAsync()).NextStep.ShouldBe(2);
    }

    [Fact]
    public async Task A_failure_has_no_reward_and_the_next_command_goes_on_from_the_journal()
    {
        await _worker.StepAsync("""{"n":1}""");
        _worker.Environment.Stepping = (_, _, _) => throw new EnvironmentFailedException("it broke");
        var failing = _worker.NewStep("""{"n":2}""");

        var failed = await _worker.SendAsync(failing);
        _worker.Environment.Stepping = (_, _, _) => Task.CompletedTask;
        var next = await _worker.StepAsync("""{"n":3}""");

        (failed.End, failed.Reason, failed.Cause).ShouldBe((CommandEnd.Failed, CommandReason.EnvironmentFailed, FailureCause.Infrastructure));
        failed.Answer.ShouldBeEmpty();
        failed.Detail!.ShouldContain("it broke");
        var entry = (await store.Episodes.FindCommandAsync(failing.Tenant, failing.CommandId, Cancel))!;
        (entry.End, entry.Reward).ShouldBe((CommandEnd.Failed, null));
        next.Step().ShouldBe(2);
        _worker.Made[1].Done.ShouldBe(["""{"n":1}""", """{"n":3}"""]);
        _worker.Made[1].Request.InnerId.ShouldNotBe(_worker.Made[0].Request.InnerId);
    }

    [Fact]
    public async Task A_step_that_failed_is_answered_with_its_failure_when_it_is_sent_again()
    {
        _worker.Environment.Stepping = (_, _, _) => throw new EnvironmentFailedException("it broke");
        var command = _worker.NewStep("{}");
        var first = await _worker.SendAsync(command);
        _worker.Environment.Stepping = (_, _, _) => Task.CompletedTask;

        var again = await _worker.SendAsync(command);

        (again.End, again.Detail).ShouldBe((first.End, first.Detail));
        (await _worker.StepAsync("{}")).Step().ShouldBe(1);
    }

    [Fact]
    public async Task A_step_without_an_answer_expires_and_the_next_command_goes_on_from_the_journal()
    {
        var gate = new Gate();
        _worker.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var sent = _worker.SendAsync(_worker.NewStep("{}"));
        await gate.Arrived;

        store.Time.Advance(TimeSpan.FromMinutes(1));

        (await sent).End.ShouldBe(CommandEnd.Expired);
        gate.Open();
        (await _worker.StepAsync("{}")).Step().ShouldBe(1);
        _worker.Made.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_step_that_expired_gets_its_end_when_it_is_sent_again_and_does_not_reach_the_environment()
    {
        var gate = new Gate();
        _worker.Environment.Stepping = (_, action, _) => action == "slow" ? gate.PassAsync(default) : Task.CompletedTask;
        var slow = _worker.SendAsync(_worker.NewStep("slow") with { RemainingMs = 600_000 });
        await gate.Arrived;
        var late = _worker.NewStep("late");
        var waiting = _worker.SendAsync(late);
        store.Time.Advance(TimeSpan.FromMinutes(1));
        gate.Open();
        await slow;
        await waiting;

        var again = await _worker.SendAsync(late);

        again.End.ShouldBe(CommandEnd.Expired);
        (await _worker.StepAsync("next")).Step().ShouldBe(2);
        _worker.Made.ShouldHaveSingleItem().Done.ShouldBe(["slow", "next"]);
    }

    [Fact]
    public async Task What_waits_too_long_behind_others_does_not_take_effect()
    {
        var gate = new Gate();
        _worker.Environment.Stepping = (_, action, _) => action == "slow" ? gate.PassAsync(default) : Task.CompletedTask;
        var slow = _worker.SendAsync(_worker.NewStep("slow") with { RemainingMs = 600_000 });
        await gate.Arrived;
        var waiting = _worker.SendAsync(_worker.NewStep("{}"));

        store.Time.Advance(TimeSpan.FromMinutes(1));
        gate.Open();

        (await slow).End.ShouldBe(CommandEnd.Completed);
        (await waiting).End.ShouldBe(CommandEnd.Expired);
        _worker.Made[0].Done.ShouldBe(["slow"]);
    }

    [Fact]
    public async Task Steps_of_one_instance_are_taken_one_at_a_time_in_the_order_they_came()
    {
        _worker.Environment.Stepping = async (_, _, _) => await Task.Yield();

        var replies = await Task.WhenAll(Enumerable.Range(1, 100).Select(number => _worker.SendAsync(_worker.NewStep($$"""{"n":{{number}}}"""))));

        replies.Select(reply => reply.Step()).ShouldBe(Enumerable.Range(1, 100));
        _worker.Made[0].Done.ShouldBe(Enumerable.Range(1, 100).Select(number => $$"""{"n":{{number}}}"""));
        _worker.Made[0].WasDisturbed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_slow_step_holds_no_other_instance()
    {
        await _worker.CreateAsync("other");
        var gate = new Gate();
        _worker.Environment.Stepping = (_, action, cancellationToken) => action == "slow" ? gate.PassAsync(cancellationToken) : Task.CompletedTask;
        var slow = _worker.SendAsync(_worker.NewStep("slow"));
        await gate.Arrived;

        (await _worker.StepAsync("{}", "other")).Step().ShouldBe(1);

        slow.IsCompleted.ShouldBeFalse();
        gate.Open();
        (await slow).Step().ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"state":[],"reward":0,"is_terminated":false}""", "one message")]
    [InlineData("""{"state":[{"role":"user","content":"x"}],"is_terminated":false}""", "reward")]
    [InlineData("no JSON", "cannot be read")]
    public async Task An_answer_of_a_foreign_shape_is_a_failure_and_not_a_step(string answer, string why)
    {
        _worker.Environment.StepAnswer = _ => answer;

        var failed = await _worker.SendAsync(_worker.NewStep("{}"));

        (failed.End, failed.Cause).ShouldBe((CommandEnd.Failed, FailureCause.Infrastructure));
        failed.Detail!.ShouldContain(why);
        _worker.Environment.StepAnswer = null;
        (await _worker.StepAsync("{}")).Step().ShouldBe(1);
        _worker.Made.Count.ShouldBe(2, "the environment took a step that is not in the journal");
    }

    [Fact]
    public async Task An_episode_that_went_on_elsewhere_is_taken_up_where_it_stands()
    {
        await _worker.StepAsync("""{"n":1}""");
        await TakeStepElsewhereAsync("""{"n":2}""");

        var reply = await _worker.SendAsync(_worker.NewStep("""{"n":3}"""));

        (reply.End, reply.Step()).ShouldBe((CommandEnd.Completed, 3));
        _worker.Made[^1].Done.ShouldBe(["""{"n":1}""", """{"n":2}""", """{"n":3}"""]);
    }

    /// <summary>As after a commit whose success this worker never learned of: the journal is one step further than its owner knows.</summary>
    private async Task TakeStepElsewhereAsync(string action)
    {
        var row = await _worker.RowAsync();
        await using var other = await TestWorker.StartAsync(store);
        var command = other.NewStep(action) with { Tenant = _worker.Tenant };
        await _worker.Get<SandQueue.Storage.Fleet.WorkerDirectory>().EndLeaseAsync(_worker.Name, Cancel);
        (await other.SendAsync(command)).End.ShouldBe(CommandEnd.Completed);
        await other.CrashAsync();
        (await _worker.RowAsync()).Epoch.ShouldBe(row.Epoch + 1);
    }
}
