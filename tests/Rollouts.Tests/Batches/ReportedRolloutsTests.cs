using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Rollouts.Batches;
using SandQueue.Rollouts.Results;
using SandQueue.Storage.Model;

namespace SandQueue.Rollouts.Tests.Batches;

public sealed class ReportedRolloutsTests
{
    [Fact]
    public void A_stored_rollout_is_told_with_its_tokens_and_times()
    {
        var reported = ReportedRollouts.Of(new Rollout
        {
            Tenant = "t", RolloutId = "b-1", TaskId = "x", Member = 2, End = CommandEnd.Completed, Reward = 0.5, Valid = true, Trainable = true, Attempt = 2, Steps = 3, EndReason = "done", BeganAt = 1000, EndedAt = 1250,
            Result = """{"usage":{"prompt_tokens":10,"completion_tokens":4},"provenance":{"split":"val"},"evaluation":{"category":"parallel"},"policy_ms":200.5,"environment_ms":7}""",
        });

        (reported.IsValid, reported.Reward, reported.Attempts, reported.PromptTokens, reported.CompletionTokens).ShouldBe((true, 0.5, 2, 10, 4));
        (reported.DurationMs, reported.PolicyMs, reported.EnvironmentMs, reported.Category, reported.Split).ShouldBe((250, 200.5, 7, "parallel", "val"));
    }

    [Theory]
    [InlineData("""{"provenance":{"split":"dev"}}""", "val", "dev")]
    [InlineData("""{"provenance":{}}""", "val", "val")]
    [InlineData(null, "val", "val")]
    [InlineData("{}", null, null)]
    public void The_split_is_what_the_environment_says_or_what_the_batch_was_asked_for(string? result, string? ofBatch, string? split) =>
        ReportedRollouts.Of(new Rollout { Tenant = "t", RolloutId = "b-1", TaskId = "x", End = CommandEnd.Failed, Result = result }, ofBatch).Split.ShouldBe(split);

    [Theory]
    [InlineData("""{"evaluation":{"test_category":"multi_turn_base"}}""", "multi_turn_base")]
    [InlineData("""{"evaluation":{"score":1},"provenance":{"category":"shoes"}}""", "shoes")]
    [InlineData("""{"evaluation":{"category":7},"provenance":null}""", null)]
    [InlineData("{}", null)]
    public void The_category_is_what_the_environment_calls_it(string result, string? category)
    {
        var row = new Rollout { Tenant = "t", RolloutId = "b-1", TaskId = "x", End = CommandEnd.Completed, Result = result };

        ReportedRollouts.Of(row).Category.ShouldBe(category);
        var batch = new Batch { Tenant = "t", BatchId = "b", EnvType = "e", Policy = [.. "{}"u8], Params = [], ContentHash = [], Repeats = 1 };
        JsonElement.Parse(RolloutJson.Of(row, batch)).GetProperty("category").GetString().ShouldBe(category);
    }

    [Fact]
    public void One_that_never_began_has_no_times_and_no_reward()
    {
        var reported = ReportedRollouts.Of(new Rollout { Tenant = "t", RolloutId = "b-1", TaskId = "x", End = CommandEnd.Cancelled, Cause = (int)RolloutCause.Cancelled, EndedAt = 1250, Result = null });

        (reported.IsValid, reported.Reward, reported.Cause, reported.DurationMs, reported.PolicyMs).ShouldBe((false, null, RolloutCause.Cancelled, null, null));
    }
}
