using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.AgentScope.Calls;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Settings;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.AgentScope.EnvironmentService;

/// <summary><c>POST /release</c>: ends an instance. An instance that is not there is no error: <c>success</c> is false.</summary>
internal sealed class ReleaseEndpoint(ICommandRouter router, IOptions<GatewayOptions> options) : ICallEndpoint
{
    public async Task AnswerAsync(HttpContext context, RequestBody body)
    {
        var command = ServiceAnswer.Call(context, body, options.Value).Release();
        await (await router.SendAsync(command, context.RequestAborted) switch
        {
            CommandOutcome.Completed => JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, Answer(success: true)),
            CommandOutcome.Rejected { Reason: CommandReason.UnknownInstance or CommandReason.Released } rejected => JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, Answer(success: false, rejected.Detail)),
            var other => OutcomeAnswer.WriteErrorAsync(context, other),
        });
    }

    private static JsonObject Answer(bool success, string? detail = null)
    {
        var answer = new JsonObject { ["success"] = success, ["data"] = null };
        if (detail is not null) answer["detail"] = OneLine.Of(detail);
        return answer;
    }
}
