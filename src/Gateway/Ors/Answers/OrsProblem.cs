using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Ors.Answers;

/// <summary>Why a request outside of calls has no answer: a status and <c>{"detail"}</c>, as of every other door. The public client tries 429 and 5xx three times.</summary>
internal static class OrsProblem
{
    public static async Task<BadRequestException> OfAsync(HttpContext context, CommandOutcome outcome)
    {
        var problem = await CommandProblem.OfAsync(context, outcome, "X-Session-ID");
        if (problem.RetryAfter is { } seconds) context.Response.Headers.RetryAfter = seconds;
        return new BadRequestException(problem.Detail, problem.Status, problem.Code);
    }
}
