using System.Globalization;
using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.AgentScope.Calls;

/// <summary>How outcomes become HTTP answers, on both of AgentScope's surfaces alike but for what stands around the answer.</summary>
internal static class OutcomeAnswer
{
    private const string RetryAfter = "5";

    /// <summary>Limits count per second, or end with a command that is under way.</summary>
    private const string RetrySoon = "1";

    private const string AskAgain = "no answer came in time, and whether the command took effect is unknown; ask again with the same Idempotency-Key or params._command_id";

    /// <summary>Writes an answer between two constant pieces, or the error.</summary>
    public static Task WriteAsync(HttpContext context, CommandOutcome outcome, ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after)
    {
        if (outcome is not CommandOutcome.Completed completed) return WriteErrorAsync(context, outcome);
        WriteTiming(context, completed.Timing);
        return JsonAnswer.WrappedAsync(context, before, completed.Answer, after);
    }

    /// <summary>Writes why there is no answer. A failure has no reward: null, and never 0.</summary>
    public static async Task WriteErrorAsync(HttpContext context, CommandOutcome outcome)
    {
        var refusal = outcome as CommandOutcome.Refusal;
        if (refusal is null or { Reason: CommandReason.NoCapacity or CommandReason.TimedOut } && await JournalProblemAsync(context) is { } problem)
        {
            context.Response.Headers.RetryAfter = RetryAfter;
            await JsonAnswer.DetailAsync(context, StatusCodes.Status503ServiceUnavailable, refusal is null ? $"{problem}. {AskAgain}" : problem);
            return;
        }

        await (refusal is null ? JsonAnswer.DetailAsync(context, StatusCodes.Status504GatewayTimeout, AskAgain) : WriteRefusalAsync(context, refusal));
    }

    private static Task WriteRefusalAsync(HttpContext context, CommandOutcome.Refusal refusal)
    {
        var status = OutcomeStatus.Of(refusal.Reason);
        if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = RetryAfter;
        if (status == StatusCodes.Status429TooManyRequests) context.Response.Headers.RetryAfter = RetrySoon;
        var answer = JsonAnswer.Error(refusal.Detail);
        if (refusal is not CommandOutcome.Rejected)
        {
            answer["end"] = OutcomeNames.End(refusal);
            answer["reward"] = null;
            answer["valid"] = false;
            answer["cause"] = OutcomeNames.Cause(refusal);
        }

        return JsonAnswer.ObjectAsync(context, status, answer);
    }

    private static Task<string?> JournalProblemAsync(HttpContext context) =>
        context.RequestServices?.GetService<JournalState>()?.ProblemAsync(context.RequestAborted) ?? Task.FromResult<string?>(null);

    private static void WriteTiming(HttpContext context, CommandTiming timing) =>
        context.Response.Headers["Server-Timing"] = string.Create(
            CultureInfo.InvariantCulture,
            $"queue;dur={timing.Waiting:0.###}, environment;dur={timing.Environment:0.###}, journal;dur={timing.Journal:0.###}");
}
