using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Verbs;

namespace SandQueue.Gateway.AgentScope.EnvironmentService;

/// <summary><c>POST /release</c>: ends an instance. An instance that is not there is no error: <c>success</c> is false.</summary>
internal static class ReleaseEndpoint
{
    public static async Task HandleAsync(HttpContext context, RequestBody body)
    {
        var verbs = context.RequestServices.GetRequiredService<EpisodeVerbs>();
        var reply = await verbs.ReleaseAsync(EnvironmentServiceEndpoints.Call(context, body), context.RequestAborted);
        await (reply switch
        {
            { End: CommandEnd.Completed } => JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, Answer(success: true)),
            { End: CommandEnd.Rejected } => JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, Answer(success: false, reply.Detail)),
            _ => ReplyAnswer.WriteErrorAsync(context, reply),
        });
    }

    private static JsonObject Answer(bool success, string? detail = null)
    {
        var answer = new JsonObject { ["success"] = success, ["data"] = null };
        if (detail is not null) answer["detail"] = detail;
        return answer;
    }
}
