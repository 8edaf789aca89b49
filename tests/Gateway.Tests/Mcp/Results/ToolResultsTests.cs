using System.Text;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Mcp.Results;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Tests.Mcp.Results;

public sealed class ToolResultsTests
{
    public static TheoryData<string, string?, string, string?> Outcomes => new()
    {
        { nameof(CommandOutcome.Rejected), "episode_over", "rejected", null },
        { nameof(CommandOutcome.Expired), "timed_out", "expired", "infrastructure" },
        { nameof(CommandOutcome.Cancelled), "caller_gone", "cancelled", "caller" },
        { nameof(CommandOutcome.Failed), "environment_failed", "failed", "agent" },
        { nameof(CommandOutcome.Unknown), "unknown_end", "unknown", "infrastructure" },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task Whatever_has_no_answer_is_an_error_without_a_reward(string kind, string? code, string end, string? cause)
    {
        CommandOutcome outcome = kind switch
        {
            nameof(CommandOutcome.Rejected) => new CommandOutcome.Rejected(CommandReason.EpisodeOver, "over\nand out"),
            nameof(CommandOutcome.Expired) => new CommandOutcome.Expired("late"),
            nameof(CommandOutcome.Cancelled) => new CommandOutcome.Cancelled("gone"),
            nameof(CommandOutcome.Failed) => new CommandOutcome.Failed(CommandReason.EnvironmentFailed, "dead", FailureCause.Agent),
            _ => new CommandOutcome.Unknown(),
        };

        var result = ToolResults.Failure("i", "c", await CommandProblem.OfAsync(journal: null, outcome, "id", TestContext.Current.CancellationToken));

        result.IsError.ShouldBe(true);
        var told = result.StructuredContent!.Value;
        told.GetProperty("reward").ValueKind.ShouldBe(JsonValueKind.Null);
        told.GetProperty("score").ValueKind.ShouldBe(JsonValueKind.Null);
        told.GetProperty("valid").GetBoolean().ShouldBeFalse();
        (told.GetProperty("code").GetString(), told.GetProperty("end").GetString()).ShouldBe((code, end));
        (told.TryGetProperty("cause", out var said) ? said.GetString() : null).ShouldBe(cause);
        told.GetProperty("detail").GetString()!.ShouldNotContain("\n");
        Texts(result).Single().ShouldStartWith($"{code}: ");
    }

    [Theory]
    [InlineData("0.5", 0.5)]
    [InlineData("""{"score":0.25,"note":"\ud800"}""", 0.25)]
    [InlineData("""{"score":null}""", null)]
    [InlineData("\"good\"", null)]
    public void A_score_is_a_number_or_null_and_the_whole_evaluation_is_beside_it(string answer, double? score)
    {
        var told = ToolResults.Evaluation("i", "c", Encoding.UTF8.GetBytes(answer)).StructuredContent!.Value;

        (told.GetProperty("score").ValueKind == JsonValueKind.Null ? null : (double?)told.GetProperty("score").GetDouble()).ShouldBe(score);
        told.TryGetProperty("evaluation", out _).ShouldBeTrue();
    }

    [Fact]
    public void A_step_says_its_reward_to_programs_and_to_readers()
    {
        var result = ToolResults.Step("i", "c", """{"state":[{"role":"user","content":"Half \ud83d."}],"reward":0.1,"is_terminated":true,"info":{"step":3,"end_reason":"max_steps","truncated":true}}"""u8.ToArray());

        result.IsError.ShouldBeNull();
        result.StructuredContent!.Value.GetRawText().ShouldBe(
            """{"step":3,"observation":"Half �.","reward":0.1,"terminated":true,"truncated":true,"end_reason":"max_steps","valid":true,"instance_id":"i","command_id":"c","end":"completed"}""");
        Texts(result).ShouldBe(["Half �.", "[step 3, reward 0.1, the episode is over: max_steps]"]);
    }

    private static IEnumerable<string> Texts(CallToolResult result) => result.Content.OfType<TextContentBlock>().Select(block => block.Text);
}
