using SandQueue.Gateway.Http;
using SandQueue.Gateway.Verbs;

namespace SandQueue.Gateway.AgentScope.EnvironmentService;

/// <summary><c>POST /get_env_profile</c>: the task ids of <c>params.split</c>, <c>train</c> where none is named.</summary>
internal static class ProfileEndpoint
{
    public static async Task HandleAsync(HttpContext context, RequestBody body)
    {
        var verbs = context.RequestServices.GetRequiredService<EpisodeVerbs>();
        var call = EnvironmentServiceEndpoints.Call(context, body);
        var split = new JsonFields(call.Params).Optional("split") ?? "train";
        await EnvironmentServiceEndpoints.AnswerAsync(context, await verbs.ListTasksAsync(call, split, context.RequestAborted));
    }
}
