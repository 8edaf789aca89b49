using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.AgentScope.Calls;

/// <summary>How outcomes become HTTP answers, on both of AgentScope's surfaces alike but for what stands around the answer.</summary>
internal static class OutcomeAnswer
{
    /// <summary>Writes an answer between two constant pieces, or the error.</summary>
    public static Task WriteAsync(HttpContext context, CommandOutcome outcome, ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after)
    {
        if (outcome is not CommandOutcome.Completed completed) return WriteErrorAsync(context, outcome);
        CommandTimingHeader.Write(context.Response, completed.Timing);
        return JsonAnswer.WrappedAsync(context, before, completed.Answer, after);
    }

    /// <summary>Writes why there is no answer. A failure has no reward: null, and never 0.</summary>
    public static async Task WriteErrorAsync(HttpContext context, CommandOutcome outcome)
    {
        var problem = await CommandProblem.OfAsync(context, outcome, $"{IdempotencyKey.Header} or params.{SurfaceParameters.CommandIdName}");
        if (problem.RetryAfter is { } seconds) context.Response.Headers.RetryAfter = seconds;
        var answer = JsonAnswer.Error(problem.Detail);
        if (problem.Refusal is { } refusal and not CommandOutcome.Rejected)
        {
            answer["end"] = OutcomeNames.End(refusal);
            answer["reward"] = null;
            answer["valid"] = false;
            answer["cause"] = OutcomeNames.Cause(refusal);
        }

        await JsonAnswer.ObjectAsync(context, problem.Status, answer);
    }
}
