using Microsoft.Extensions.Options;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.AgentScope.EnvironmentService;

/// <summary><c>POST /create</c>: makes an instance of a task.</summary>
internal sealed class CreateEndpoint(CreateDelivery delivery, IOptions<GatewayOptions> options, TimeProvider time) : ICallEndpoint
{
    public Task AnswerAsync(HttpContext context, RequestBody body)
    {
        var command = ServiceAnswer.Call(context, body, options.Value).Create(time);
        return delivery.AnswerAsync(context, command, outcome => ServiceAnswer.WriteAsync(context, outcome));
    }
}
