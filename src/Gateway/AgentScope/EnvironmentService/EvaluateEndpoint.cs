using SandQueue.Gateway.Http;
using SandQueue.Gateway.Verbs;

namespace SandQueue.Gateway.AgentScope.EnvironmentService;

/// <summary><c>POST /evaluate</c>: scores the episode so far; <c>params.sparse</c> asks for the bare number.</summary>
internal static class EvaluateEndpoint
{
    public static async Task HandleAsync(HttpContext context, RequestBody body)
    {
        var verbs = context.RequestServices.GetRequiredService<EpisodeVerbs>();
        var reply = await verbs.EvaluateAsync(EnvironmentServiceEndpoints.Call(context, body), context.RequestAborted);
        await EnvironmentServiceEndpoints.AnswerAsync(context, reply);
    }
}
