using System.Text;
using SandQueue.Contracts;
using SandQueue.Rollouts.Results;

namespace SandQueue.Rollouts.Tests.Play;

public sealed class RolloutPlayerTests
{
    [Fact]
    public async Task An_episode_is_created_stepped_evaluated_and_released_under_ids_of_its_rollout()
    {
        var farm = new FakeFarm();

        var result = await farm.PlayAsync();

        farm.Sent.Select(command => command.CommandId).ShouldBe(
            ["rollout-r7-1:create", "rollout-r7-1:1", "rollout-r7-1:2", "rollout-r7-1:3", "rollout-r7-1:evaluate", "rollout-r7-1:release"]);
        farm.Sent.OfType<StepInstance>().Select(step => Encoding.UTF8.GetString(step.Action)).First().ShouldBe("""{"role":"assistant","content":"one"}""");
        (result.End, result.Reward, result.IsValid, result.Cause, result.EndReason, result.IsTruncated).ShouldBe((CommandEnd.Completed, 3, true, null, "counted", false));
        result.StepRewards.ShouldBe([0.5, 0.5, 0.5]);
        result.Provenance!.ToJsonString().ShouldBe("""{"environment":"count","seed":7}""");
        result.Evaluation!["score"]!.GetValue<double>().ShouldBe(3);
        result.InstanceId.ShouldBe("rollout-r7-1");
        result.EnvironmentMs.ShouldBe(10);
    }

    [Fact]
    public async Task Where_the_actions_are_over_the_episode_is_evaluated_as_it_stands()
    {
        var farm = new FakeFarm { Length = 9 };

        var result = await farm.PlayAsync();

        (result.End, result.Reward, result.EndReason, result.IsTruncated).ShouldBe((CommandEnd.Completed, 3, "actions_over", false));
        farm.IsReleased.ShouldBeTrue();
    }

    [Fact]
    public async Task A_policy_that_does_nothing_is_evaluated_at_once()
    {
        var farm = new FakeFarm();

        var result = await farm.PlayAsync("""{"type":"nothing"}""");

        (result.End, result.Reward, result.EndReason).ShouldBe((CommandEnd.Completed, 0, "no_steps"));
        result.IsTrainable.ShouldBeTrue();
        farm.Steps.ShouldBe(0);
    }

    [Fact]
    public async Task The_limit_of_steps_is_a_result_that_was_cut()
    {
        var result = await new FakeFarm().PlayAsync("""{"type":"recorded","actions":["a","b","c"],"max_steps":2}""");

        (result.End, result.Reward, result.EndReason, result.IsTruncated).ShouldBe((CommandEnd.Completed, 2, "max_steps", true));
    }

    [Fact]
    public async Task What_the_agent_did_to_itself_is_a_result_with_its_name()
    {
        var result = await new FakeFarm { Info = ""","cause":"agent" """ }.PlayAsync();

        (result.End, result.IsTrainable, result.Cause).ShouldBe((CommandEnd.Completed, true, RolloutCause.Agent));
        result.Detail!.ShouldContain("step 1, 2, 3");
    }

    [Theory]
    [InlineData("""{"type":"recorded","actions":[{}]}""", "policy.actions[0]")]
    [InlineData("""{"type":"recoded"}""", "recorded")]
    [InlineData("""{"type":"recorded"}""", "policy.actions is required")]
    public async Task A_policy_that_cannot_be_played_is_rejected_before_anything_is_made(string policy, string named)
    {
        var farm = new FakeFarm();

        var result = await farm.PlayAsync(policy);

        (result.End, result.Cause, result.IsRetryable, result.Reward).ShouldBe((CommandEnd.Rejected, RolloutCause.Caller, false, null));
        result.Detail!.ShouldContain(named);
        farm.Sent.ShouldBeEmpty();
    }
}
