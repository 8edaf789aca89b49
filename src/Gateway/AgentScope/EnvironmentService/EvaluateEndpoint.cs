using Microsoft.Extensions.Options;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Settings;
using SandQueue.Routing;

namespace SandQueue.Gateway.AgentScope.EnvironmentService;

/// <summary><c>POST /evaluate</c>: scores the episode so far; <c>params.sparse</c> asks for the bare number.</summary>
internal sealed class EvaluateEndpoint(ICommandRouter router, IOptions<GatewayOptions> options) : ICallEndpoint
{
    public async Task AnswerAsync(HttpContext context, RequestBody body)
    {
        var command = ServiceAnswer.Call(context, body, options.Value).Evaluate();
        var outcome = await router.SendAsync(command, context.RequestAborted);
        await ServiceAnswer.WriteAsync(context, BareScore.IsAskedFor(body) ? BareScore.Of(outcome) : outcome);
    }
}
