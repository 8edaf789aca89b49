using Microsoft.Extensions.Options;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Settings;
using SandQueue.Routing;

namespace SandQueue.Gateway.AgentScope.EnvironmentService;

/// <summary><c>POST /create</c>: makes an instance of a task.</summary>
internal sealed class CreateEndpoint(ICommandRouter router, IOptions<GatewayOptions> options, TimeProvider time) : ICallEndpoint
{
    public async Task AnswerAsync(HttpContext context, RequestBody body)
    {
        var command = ServiceAnswer.Call(context, body, options.Value).Create(time);
        await ServiceAnswer.WriteAsync(context, await router.CreateAsync(command, context.RequestAborted));
    }
}
