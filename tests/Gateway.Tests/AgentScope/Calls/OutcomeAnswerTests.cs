using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SandQueue.Contracts;
using SandQueue.Gateway.AgentScope.Calls;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Tests.AgentScope.Calls;

public sealed class OutcomeAnswerTests
{
    private static readonly byte[] Before = "{\"data\":"u8.ToArray();
    private static readonly byte[] After = "}"u8.ToArray();

    [Fact]
    public async Task An_answer_passes_through_byte_for_byte_with_its_timing_beside_it()
    {
        byte[] answer = [.. "[1.0, \"\\ud800"u8, 0xff, .. "\"]"u8];
        var (context, body) = await WriteAsync(new CommandOutcome.Completed(answer, new CommandTiming(1.5, 20, 0.0004)));

        context.Response.StatusCode.ShouldBe(200);
        body.ShouldBe([.. Before, .. answer, .. After]);
        context.Response.ContentLength.ShouldBe(body.Length);
        context.Response.Headers["Server-Timing"].ToString().ShouldBe("queue;dur=1.5, environment;dur=20, journal;dur=0");
    }

    [Theory]
    [InlineData(CommandReason.InvalidRequest, 400)]
    [InlineData(CommandReason.UnknownInstance, 404)]
    [InlineData(CommandReason.Released, 404)]
    [InlineData(CommandReason.EpisodeOver, 409)]
    [InlineData(CommandReason.Conflict, 409)]
    [InlineData(CommandReason.NoCapacity, 503)]
    public async Task A_refusal_has_its_status_and_says_why(CommandReason reason, int status)
    {
        var (context, body) = await WriteAsync(new CommandOutcome.Rejected(reason, "why <so>"));

        context.Response.StatusCode.ShouldBe(status);
        Encoding.UTF8.GetString(body).ShouldBe("""{"detail":"why <so>"}""");
        context.Response.Headers.RetryAfter.ToString().ShouldBe(status == 503 ? "5" : "");
    }

    public static TheoryData<CommandOutcome, int, string, string> WithoutReward() => new()
    {
        { new CommandOutcome.Failed(CommandReason.EnvironmentFailed, "it broke", FailureCause.Infrastructure), 500, "failed", "infrastructure" },
        { new CommandOutcome.Failed(CommandReason.Lost, "it broke", FailureCause.Infrastructure), 410, "failed", "infrastructure" },
        { new CommandOutcome.Failed(CommandReason.Diverged, "it broke", FailureCause.Infrastructure), 410, "failed", "infrastructure" },
        { new CommandOutcome.Failed(CommandReason.OtherVersion, "it broke", FailureCause.Infrastructure), 503, "failed", "infrastructure" },
        { new CommandOutcome.Failed(CommandReason.EnvironmentFailed, "it broke", FailureCause.Agent), 500, "failed", "agent" },
        { new CommandOutcome.Expired("it broke"), 504, "expired", "infrastructure" },
        { new CommandOutcome.Cancelled("it broke"), 409, "cancelled", "caller" },
    };

    [Theory]
    [MemberData(nameof(WithoutReward))]
    public async Task A_failure_has_no_reward_and_never_one_of_0(CommandOutcome outcome, int status, string end, string cause)
    {
        var (context, body) = await WriteAsync(outcome);

        context.Response.StatusCode.ShouldBe(status);
        using var answer = JsonDocument.Parse(body);
        answer.RootElement.GetProperty("detail").GetString().ShouldBe("it broke");
        answer.RootElement.GetProperty("end").GetString().ShouldBe(end);
        answer.RootElement.GetProperty("reward").ValueKind.ShouldBe(JsonValueKind.Null);
        answer.RootElement.GetProperty("valid").GetBoolean().ShouldBeFalse();
        answer.RootElement.GetProperty("cause").GetString().ShouldBe(cause);
    }

    [Fact]
    public async Task Every_reason_has_a_status_that_is_an_error()
    {
        foreach (var reason in Enum.GetValues<CommandReason>())
        {
            var (context, _) = await WriteAsync(new CommandOutcome.Failed(reason, "x", FailureCause.Infrastructure));
            context.Response.StatusCode.ShouldBeInRange(400, 599, $"{reason}");
        }
    }

    [Fact]
    public async Task No_reply_at_all_claims_nothing()
    {
        var (context, body) = await WriteAsync(new CommandOutcome.Unknown());
        context.Response.StatusCode.ShouldBe(504);
        Encoding.UTF8.GetString(body).ShouldContain("unknown");
    }

    private static async Task<(HttpContext Context, byte[] Body)> WriteAsync(CommandOutcome outcome)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        await OutcomeAnswer.WriteAsync(context, outcome, Before, After);
        await context.Response.BodyWriter.FlushAsync(TestContext.Current.CancellationToken);
        return (context, body.ToArray());
    }
}
