using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SandQueue.Contracts;
using SandQueue.Gateway.Verbs;

namespace SandQueue.Gateway.Tests.Verbs;

public sealed class ReplyAnswerTests
{
    private static readonly byte[] Before = "{\"data\":"u8.ToArray();
    private static readonly byte[] After = "}"u8.ToArray();

    [Fact]
    public async Task An_answer_passes_through_byte_for_byte_with_its_timing_beside_it()
    {
        byte[] answer = [.. "[1.0, \"\\ud800"u8, 0xff, .. "\"]"u8];
        var (context, body) = await WriteAsync(Reply(CommandEnd.Completed) with { Answer = answer, Timing = new CommandTiming(1.5, 20, 0.0004) });

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
        var (context, body) = await WriteAsync(Reply(CommandEnd.Rejected) with { Reason = reason, Detail = "why <so>", Cause = FailureCause.Caller });

        context.Response.StatusCode.ShouldBe(status);
        Encoding.UTF8.GetString(body).ShouldBe("""{"detail":"why <so>"}""");
        context.Response.Headers.RetryAfter.ToString().ShouldBe(status == 503 ? "5" : "");
    }

    [Theory]
    [InlineData(CommandEnd.Failed, CommandReason.EnvironmentFailed, 500, "failed")]
    [InlineData(CommandEnd.Failed, CommandReason.Lost, 410, "failed")]
    [InlineData(CommandEnd.Failed, CommandReason.Diverged, 410, "failed")]
    [InlineData(CommandEnd.Failed, CommandReason.OtherVersion, 503, "failed")]
    [InlineData(CommandEnd.Expired, CommandReason.TimedOut, 504, "expired")]
    [InlineData(CommandEnd.Cancelled, CommandReason.None, 500, "cancelled")]
    public async Task A_failure_has_no_reward_and_never_one_of_0(CommandEnd end, CommandReason reason, int status, string word)
    {
        var (context, body) = await WriteAsync(Reply(end) with { Reason = reason, Detail = "it broke", Cause = FailureCause.Infrastructure });

        context.Response.StatusCode.ShouldBe(status);
        using var answer = JsonDocument.Parse(body);
        answer.RootElement.GetProperty("detail").GetString().ShouldBe("it broke");
        answer.RootElement.GetProperty("end").GetString().ShouldBe(word);
        answer.RootElement.GetProperty("reward").ValueKind.ShouldBe(JsonValueKind.Null);
        answer.RootElement.GetProperty("valid").GetBoolean().ShouldBeFalse();
        answer.RootElement.GetProperty("cause").GetString().ShouldBe("infrastructure");
    }

    [Fact]
    public async Task Every_reason_has_a_status_that_is_an_error()
    {
        foreach (var reason in Enum.GetValues<CommandReason>())
        {
            var (context, _) = await WriteAsync(Reply(CommandEnd.Failed) with { Reason = reason, Detail = "x" });
            context.Response.StatusCode.ShouldBeInRange(400, 599, $"{reason}");
        }
    }

    [Fact]
    public async Task No_reply_at_all_claims_nothing()
    {
        var (context, body) = await WriteAsync(reply: null);
        context.Response.StatusCode.ShouldBe(504);
        Encoding.UTF8.GetString(body).ShouldContain("unknown");
    }

    private static CommandReply Reply(CommandEnd end) => new() { CommandId = "c", Tenant = "a", End = end };

    private static async Task<(HttpContext Context, byte[] Body)> WriteAsync(CommandReply? reply)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        await ReplyAnswer.WriteAsync(context, reply, Before, After);
        await context.Response.BodyWriter.FlushAsync(TestContext.Current.CancellationToken);
        return (context, body.ToArray());
    }
}
