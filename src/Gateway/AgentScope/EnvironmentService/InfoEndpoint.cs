using Microsoft.Extensions.Options;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Settings;
using SandQueue.Routing;

namespace SandQueue.Gateway.AgentScope.EnvironmentService;

/// <summary><c>POST /get_info</c>: the tools as the environment offers them now.</summary>
internal sealed class InfoEndpoint(ICommandRouter router, IOptions<GatewayOptions> options) : ICallEndpoint
{
    public async Task AnswerAsync(HttpContext context, RequestBody body)
    {
        var command = ServiceAnswer.Call(context, body, options.Value).Describe();
        await ServiceAnswer.WriteAsync(context, await router.SendAsync(command, context.RequestAborted));
    }
}
