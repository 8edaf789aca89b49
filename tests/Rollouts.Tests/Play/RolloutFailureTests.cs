using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Contracts;
using SandQueue.Rollouts.Results;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Rollouts.Tests.Play;

public sealed class RolloutFailureTests
{
    [Theory]
    [InlineData(CommandReason.Lost, RolloutCause.Infrastructure)]
    [InlineData(CommandReason.Diverged, RolloutCause.Environment)]
    [InlineData(CommandReason.EnvironmentFailed, RolloutCause.Environment)]
    [InlineData(CommandReason.TimedOut, RolloutCause.Infrastructure)]
    public async Task A_step_that_fails_has_no_reward_and_may_be_played_again(CommandReason reason, RolloutCause cause)
    {
        var farm = new FakeFarm().Answer(":2", new CommandOutcome.Failed(reason, "it broke", FailureCause.Infrastructure));

        var result = await farm.PlayAsync();

        (result.End, result.Reward, result.IsValid, result.Cause, result.IsRetryable, result.Detail).ShouldBe((CommandEnd.Failed, null, false, cause, true, "it broke"));
        result.StepRewards.ShouldBe([0.5]);
        farm.IsReleased.ShouldBeTrue();
    }

    [Fact]
    public async Task An_evaluation_that_fails_is_no_score()
    {
        var result = await new FakeFarm().Answer(":evaluate", new CommandOutcome.Failed(CommandReason.EnvironmentFailed, "no", FailureCause.Infrastructure)).PlayAsync();

        (result.End, result.Reward, result.Cause, result.EndReason).ShouldBe((CommandEnd.Failed, null, RolloutCause.Environment, "counted"));
    }

    [Theory]
    [InlineData("""{"accuracy":1}""")]
    [InlineData("""{"score":"1"}""")]
    [InlineData("null")]
    public async Task An_evaluation_without_a_number_is_the_environments_failure(string answer)
    {
        var result = await new FakeFarm().Answer(":evaluate", new CommandOutcome.Completed(Encoding.UTF8.GetBytes(answer), new CommandTiming(0, 0, 0))).PlayAsync();

        (result.End, result.Reward, result.Cause).ShouldBe((CommandEnd.Failed, null, RolloutCause.Environment));
    }

    [Fact]
    public async Task A_bare_score_is_a_score()
    {
        var result = await new FakeFarm().Answer(":evaluate", new CommandOutcome.Completed("0.25"u8.ToArray(), new CommandTiming(0, 0, 0))).PlayAsync();

        (result.End, result.Reward, result.Evaluation!.ToJsonString()).ShouldBe((CommandEnd.Completed, 0.25, """{"score":0.25}"""));
    }

    [Fact]
    public async Task A_task_that_is_unknown_is_the_callers_mistake()
    {
        var farm = new FakeFarm().Answer(":create", new CommandOutcome.Rejected(CommandReason.InvalidRequest, "unknown task 't'"));

        var result = await farm.PlayAsync();

        (result.End, result.Cause, result.IsRetryable, result.Detail, result.InstanceId).ShouldBe((CommandEnd.Rejected, RolloutCause.Caller, false, "unknown task 't'", null));
        farm.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_action_that_is_none_is_the_policys_failure()
    {
        var farm = new FakeFarm().Answer(":1", new CommandOutcome.Rejected(CommandReason.InvalidRequest, "no message"));

        var result = await farm.PlayAsync();

        (result.End, result.Cause, result.IsRetryable).ShouldBe((CommandEnd.Failed, RolloutCause.Policy, false));
        farm.IsReleased.ShouldBeTrue();
    }

    [Fact]
    public async Task Outcomes_that_do_not_last_are_asked_for_again_under_the_same_id()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        var farm = new FakeFarm()
            .Answer(":create", new CommandOutcome.Rejected(CommandReason.NoCapacity, "full"))
            .Answer(":create", new CommandOutcome.Unknown())
            .Answer(":1", () => throw new SqliteException("away", 14))
            .Answer(":1", new CommandOutcome.Failed(CommandReason.OwnerChanged, "moved", FailureCause.Infrastructure))
            .Answer(":1", new CommandOutcome.Rejected(CommandReason.OverLimit, "limit"))
            .Answer(":evaluate", new CommandOutcome.Unknown());

        var result = await UntilPlayed(time, farm.PlayAsync(time: time));

        (result.End, result.Reward).ShouldBe((CommandEnd.Completed, 3));
        farm.Sent.Count(command => command.CommandId == "rollout-r7-1:create").ShouldBe(3);
        farm.Sent.Count(command => command.CommandId == "rollout-r7-1:1").ShouldBe(4);
    }

    [Fact]
    public async Task Without_room_for_long_it_is_rejected_and_may_be_played_again()
    {
        var time = new FakeTimeProvider();
        var farm = new FakeFarm();
        for (var attempt = 0; attempt < 1000; attempt++) farm.Answer(":create", new CommandOutcome.Rejected(CommandReason.NoCapacity, "full"));

        var result = await UntilPlayed(time, farm.PlayAsync(time: time));

        (result.End, result.Cause, result.IsRetryable, result.Detail).ShouldBe((CommandEnd.Rejected, RolloutCause.Infrastructure, true, "full"));
    }

    [Fact]
    public async Task A_deadline_without_room_expires_by_the_farms_fault_and_one_on_the_way_by_the_callers()
    {
        var time = new FakeTimeProvider();
        var full = new FakeFarm();
        for (var attempt = 0; attempt < 1000; attempt++) full.Answer(":create", new CommandOutcome.Rejected(CommandReason.NoCapacity, "full"));
        var slow = new FakeFarm();
        for (var attempt = 0; attempt < 1000; attempt++) slow.Answer(":2", new CommandOutcome.Unknown());
        var assignment = Playing.Assignment() with { Deadline = time.GetUtcNow().AddMinutes(1) };

        var waited = await UntilPlayed(time, Playing.Player(full, time).PlayAsync(assignment, new FakeRecord(), TestContext.Current.CancellationToken));
        var cut = await UntilPlayed(time, Playing.Player(slow, time).PlayAsync(assignment with { Deadline = time.GetUtcNow().AddMinutes(1) }, new FakeRecord(), TestContext.Current.CancellationToken));

        (waited.End, waited.Cause, waited.IsRetryable).ShouldBe((CommandEnd.Expired, RolloutCause.Infrastructure, true));
        full.Abandoned.Single().HasNoIdempotencyKey.ShouldBeTrue();
        (cut.End, cut.Cause, cut.Reward).ShouldBe((CommandEnd.Expired, RolloutCause.Caller, null));
        slow.IsReleased.ShouldBeTrue();
    }

    [Fact]
    public async Task A_release_that_fails_takes_nothing_from_the_result()
    {
        var time = new FakeTimeProvider();
        var farm = new FakeFarm();
        for (var attempt = 0; attempt < 100; attempt++) farm.Answer(":release", new CommandOutcome.Unknown());

        var result = await UntilPlayed(time, farm.PlayAsync(time: time));

        (result.End, result.Reward).ShouldBe((CommandEnd.Completed, 3));
    }

    /// <summary>Moves the clock while something is played.</summary>
    private static async Task<RolloutResult> UntilPlayed(FakeTimeProvider time, Task<RolloutResult> playing)
    {
        var left = 100_000;
        while (!playing.IsCompleted && left-- > 0)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await playing;
    }
}
