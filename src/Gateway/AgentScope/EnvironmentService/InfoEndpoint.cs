using SandQueue.Gateway.Http;
using SandQueue.Gateway.Verbs;

namespace SandQueue.Gateway.AgentScope.EnvironmentService;

/// <summary><c>POST /get_info</c>: the tools as the environment offers them now.</summary>
internal static class InfoEndpoint
{
    public static async Task HandleAsync(HttpContext context, RequestBody body)
    {
        var verbs = context.RequestServices.GetRequiredService<EpisodeVerbs>();
        var reply = await verbs.DescribeAsync(EnvironmentServiceEndpoints.Call(context, body), context.RequestAborted);
        await EnvironmentServiceEndpoints.AnswerAsync(context, reply);
    }
}
