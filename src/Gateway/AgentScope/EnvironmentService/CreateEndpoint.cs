using SandQueue.Gateway.Http;
using SandQueue.Gateway.Verbs;

namespace SandQueue.Gateway.AgentScope.EnvironmentService;

/// <summary><c>POST /create</c>: makes an instance of a task.</summary>
internal static class CreateEndpoint
{
    public static async Task HandleAsync(HttpContext context, RequestBody body)
    {
        var verbs = context.RequestServices.GetRequiredService<EpisodeVerbs>();
        var reply = await verbs.CreateAsync(EnvironmentServiceEndpoints.Call(context, body), context.RequestAborted);
        await EnvironmentServiceEndpoints.AnswerAsync(context, reply);
    }
}
