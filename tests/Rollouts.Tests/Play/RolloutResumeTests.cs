using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Contracts;
using SandQueue.Rollouts.Play;
using SandQueue.Rollouts.Policies;
using SandQueue.Rollouts.Requests;
using SandQueue.Rollouts.Results;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Rollouts.Tests.Play;

public sealed class RolloutResumeTests
{
    [Fact]
    public async Task Another_worker_goes_on_with_the_same_ids_and_no_turn_is_decided_twice()
    {
        var farm = new FakeFarm { Length = 4 };
        var record = new FakeRecord();
        var policies = new NumberingFactory();
        using var worker = new CancellationTokenSource();
        farm.Answer(":3", async () =>
        {
            await worker.CancelAsync();
            return new CommandOutcome.Unknown();
        });

        await Should.ThrowAsync<OperationCanceledException>(Playing.Player(farm, policies: policies).PlayAsync(Playing.Assignment(), record, worker.Token));
        farm.IsReleased.ShouldBeFalse();
        var result = await Playing.Player(farm, policies: policies).PlayAsync(Playing.Assignment(), record, TestContext.Current.CancellationToken);

        (result.End, result.Reward, farm.Steps, farm.IsReleased).ShouldBe((CommandEnd.Completed, 4, 4, true));
        result.StepRewards.Count.ShouldBe(4);
        policies.Decided.ShouldBe([1, 2, 3, 4]);
        policies.Resumed.ShouldBe(["action 1", "action 2", "action 3"]);
        farm.Sent.OfType<StepInstance>().GroupBy(step => step.CommandId).ShouldAllBe(same => same.Select(step => Encoding.UTF8.GetString(step.Action)).Distinct().Count() == 1);
    }

    [Theory]
    [InlineData(Playing.ThreeActions)]
    [InlineData("""{"type":"random","seed":3}""")]
    [InlineData("""{"type":"nothing"}""")]
    public async Task What_is_decided_the_same_again_is_not_recorded_and_no_step_is_taken_twice(string policy)
    {
        for (var fails = 0; fails <= 4; fails++)
        {
            var (farm, record) = (new FakeFarm(), new FakeRecord());
            using var worker = new CancellationTokenSource();
            farm.Answer(fails switch { 0 => ":create", 4 => ":evaluate", _ => $":{fails}" }, async () =>
            {
                await worker.CancelAsync();
                return new CommandOutcome.Unknown();
            });
            await Playing.Player(farm).PlayAsync(Playing.Assignment(policy), record, worker.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            var before = farm.Steps;

            var result = await farm.PlayAsync(policy, record);

            (result.End, result.Reward, farm.Steps, farm.IsReleased).ShouldBe((CommandEnd.Completed, farm.Steps, policy.Contains("nothing") ? 0 : 3, true));
            before.ShouldBeLessThanOrEqualTo(farm.Steps);
            record.Turns.ShouldBeEmpty();
            farm.Sent.OfType<StepInstance>().GroupBy(step => step.CommandId).ShouldAllBe(same => same.Select(step => Encoding.UTF8.GetString(step.Action)).Distinct().Count() == 1);
        }
    }

    [Fact]
    public async Task Who_fails_after_its_claim_is_over_leaves_the_instance_to_who_plays_on_with_it()
    {
        var farm = new FakeFarm();
        farm.Answer(":2", () => Task.FromResult<CommandOutcome>(new CommandOutcome.Failed(CommandReason.EnvironmentFailed, "it was cut off", FailureCause.Infrastructure)));

        await Should.ThrowAsync<ClaimLostException>(() => farm.PlayAsync(record: new FakeRecord { IsLost = true }));

        farm.IsReleased.ShouldBeFalse();
        farm.Sent.OfType<ReleaseInstance>().ShouldBeEmpty();
    }

    /// <summary>The second worker counts the policy's time anew, and would have time left: that the first had none is recorded.</summary>
    [Fact]
    public async Task A_policy_whose_time_is_over_is_not_played_on_by_another_worker()
    {
        const string Policy = """{"type":"recorded","actions":["one","two","three"],"timeout_s":2}""";
        var (farm, record, time) = (new FakeFarm { Length = 9 }, new FakeRecord(), new FakeTimeProvider());
        var policies = new NumberingFactory { BeforeDecision = () => time.Advance(TimeSpan.FromSeconds(1)) };
        using var worker = new CancellationTokenSource();
        farm.Answer(":evaluate", async () =>
        {
            await worker.CancelAsync();
            return new CommandOutcome.Unknown();
        });
        await Should.ThrowAsync<OperationCanceledException>(Playing.Player(farm, time, policies).PlayAsync(Playing.Assignment(Policy), record, worker.Token));

        var result = await Playing.Player(farm, time, policies).PlayAsync(Playing.Assignment(Policy), record, TestContext.Current.CancellationToken);

        (result.End, result.EndReason, result.IsTruncated, result.Reward, farm.Steps).ShouldBe((CommandEnd.Completed, "timeout", true, 2, 2));
        policies.Decided.ShouldBe([1, 2]);
        record.Turns[3].StopReason.ShouldBe("timeout");
    }

    [Fact]
    public async Task A_rollout_whose_end_was_not_written_comes_to_the_same_end_again()
    {
        var farm = new FakeFarm();
        var record = new FakeRecord();

        var first = await farm.PlayAsync(record: record);
        var again = await farm.PlayAsync(record: record);

        again.ShouldBeEquivalentTo(first with { StepRewards = again.StepRewards, Provenance = again.Provenance, Evaluation = again.Evaluation, PolicyMs = again.PolicyMs });
        farm.Steps.ShouldBe(3);
    }

    [Fact]
    public async Task A_turn_that_cannot_be_decided_again_is_recorded_before_its_step_is_sent_and_through_an_outage_of_the_database()
    {
        var farm = new FakeFarm();
        var outages = 2;
        var record = new FakeRecord
        {
            BeforeAppend = number =>
            {
                farm.Steps.ShouldBe(number - 1);
                return outages-- > 0 ? throw new SqliteException("away", 14) : Task.CompletedTask;
            },
        };

        (await Playing.Player(farm, policies: new NumberingFactory()).PlayAsync(Playing.Assignment(), record, TestContext.Current.CancellationToken)).End.ShouldBe(CommandEnd.Completed);

        record.Turns.Keys.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task One_that_another_worker_has_is_left_as_it_is()
    {
        var farm = new FakeFarm();
        var record = new FakeRecord { BeforeAppend = number => number == 2 ? throw new ClaimLostException("gone") : Task.CompletedTask };

        await Should.ThrowAsync<ClaimLostException>(Playing.Player(farm, policies: new NumberingFactory()).PlayAsync(Playing.Assignment(), record, TestContext.Current.CancellationToken));

        (farm.Steps, farm.IsReleased).ShouldBe((1, false));
    }

    [Fact]
    public async Task What_fails_while_its_worker_stops_gives_it_up_without_an_end()
    {
        using var worker = new CancellationTokenSource();
        var farm = new FakeFarm();
        farm.Answer(":2", () =>
        {
            worker.Cancel();
            throw new InvalidOperationException("the process ends");
        });

        var given = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Playing.Player(farm).PlayAsync(Playing.Assignment(), new FakeRecord(), worker.Token));

        given.InnerException.ShouldBeOfType<InvalidOperationException>();
        (farm.Steps, farm.IsReleased).ShouldBe((1, false));
    }

    [Fact]
    public async Task A_cancelled_rollout_is_released()
    {
        using var caller = new CancellationTokenSource();
        var farm = new FakeFarm();
        farm.Answer(":2", async () =>
        {
            await caller.CancelAsync();
            return new CommandOutcome.Unknown();
        });

        var result = await Playing.Player(farm).PlayAsync(Playing.Assignment() with { CancelledByCaller = caller.Token }, new FakeRecord(), TestContext.Current.CancellationToken);

        (result.End, result.Cause, result.Reward, result.IsRetryable).ShouldBe((CommandEnd.Cancelled, RolloutCause.Cancelled, null, true));
        farm.IsReleased.ShouldBeTrue();
    }

    [Fact]
    public async Task One_that_is_cancelled_while_it_waits_for_a_slot_leaves_no_instance_behind()
    {
        using var caller = new CancellationTokenSource();
        var farm = new FakeFarm();
        farm.Answer(":create", async () =>
        {
            await caller.CancelAsync();
            return new CommandOutcome.Unknown();
        });

        var result = await Playing.Player(farm).PlayAsync(Playing.Assignment() with { CancelledByCaller = caller.Token }, new FakeRecord(), TestContext.Current.CancellationToken);

        result.End.ShouldBe(CommandEnd.Cancelled);
        farm.Abandoned.Single().CommandId.ShouldBe("rollout-r7-1:create");
    }

    [Fact]
    public async Task A_policy_that_cannot_decide_is_a_failure_of_the_policy_and_says_whether_it_refuses_everything()
    {
        var policies = new NumberingFactory { Failure = new PolicyException("the key is refused", refusesEverything: true, isRetryable: false) };
        var farm = new FakeFarm();

        var result = await Playing.Player(farm, policies: policies).PlayAsync(Playing.Assignment(), new FakeRecord(), TestContext.Current.CancellationToken);

        (result.End, result.Cause, result.IsRetryable, result.RefusesEverything, result.Detail).ShouldBe((CommandEnd.Failed, RolloutCause.Policy, false, true, "the key is refused"));
        farm.IsReleased.ShouldBeTrue();
    }

    [Fact]
    public async Task A_policy_that_could_not_be_asked_is_no_failure_of_the_policy()
    {
        var policies = new NumberingFactory { Failure = new PolicyException("no room") { IsInfrastructure = true } };

        var result = await Playing.Player(new FakeFarm(), policies: policies).PlayAsync(Playing.Assignment(), new FakeRecord(), TestContext.Current.CancellationToken);

        (result.End, result.Cause, result.IsRetryable, result.Detail).ShouldBe((CommandEnd.Failed, RolloutCause.Infrastructure, true, "no room"));
    }

    /// <summary>A policy whose every decision is another, so that one decided twice shows.</summary>
    private sealed class NumberingFactory : IPolicyFactory, IPolicy
    {
        public List<int> Decided { get; } = [];

        public List<string> Resumed { get; } = [];

        public PolicyException? Failure { get; init; }

        public Action BeforeDecision { get; init; } = () => { };

        public IPolicy Make(PolicyRequest request, PolicySubject subject) => this;

        public Task<PolicyTurn> DecideAsync(PolicyEpisode episode, CancellationToken cancellationToken)
        {
            if (Failure is not null) throw Failure;
            BeforeDecision();
            Decided.Add(episode.Step);
            return Task.FromResult(new PolicyTurn(Encoding.UTF8.GetBytes($$"""{"role":"assistant","content":"action {{Decided.Count}}"}"""), []));
        }

        public void Resume(int step, PolicyTurn turn) => Resumed.Add(System.Text.Json.JsonElement.Parse(turn.Action!).GetProperty("content").GetString()!);
    }
}
