using SandQueue.Gateway.Http;
using SandQueue.Gateway.Verbs;

namespace SandQueue.Gateway.EnvironmentService;

/// <summary><c>POST /step</c>: takes one step with the assistant message in <c>messages</c>.</summary>
internal static class StepEndpoint
{
    public static async Task HandleAsync(HttpContext context, RequestBody body)
    {
        var verbs = context.RequestServices.GetRequiredService<EpisodeVerbs>();
        var reply = await verbs.StepAsync(EnvironmentServiceEndpoints.Call(context, body), "messages", context.RequestAborted);
        await EnvironmentServiceEndpoints.AnswerAsync(context, reply);
    }
}
