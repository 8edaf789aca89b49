using SandQueue.Gateway.Http;
using SandQueue.Gateway.Verbs;

namespace SandQueue.Gateway.AgentScope.EnvironmentService;

/// <summary><c>POST /step</c>: takes one step with the assistant message in <c>messages</c>.</summary>
internal static class StepEndpoint
{
    public static Task HandleAsync(HttpContext context, RequestBody body) =>
        context.RequestServices.GetRequiredService<EpisodeVerbs>().StepAsync(
            EnvironmentServiceEndpoints.Call(context, body), "messages", reply => EnvironmentServiceEndpoints.AnswerAsync(context, reply), context.RequestAborted);
}
