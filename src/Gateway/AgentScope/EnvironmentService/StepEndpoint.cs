using Microsoft.Extensions.Options;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.AgentScope.EnvironmentService;

/// <summary><c>POST /step</c>: takes one step with the assistant message in <c>messages</c>.</summary>
internal sealed class StepEndpoint(StepDelivery delivery, IOptions<GatewayOptions> options) : ICallEndpoint
{
    public Task AnswerAsync(HttpContext context, RequestBody body)
    {
        var command = ServiceAnswer.Call(context, body, options.Value).Step("messages");
        return delivery.AnswerAsync(command, outcome => ServiceAnswer.WriteAsync(context, outcome), context.RequestAborted);
    }
}
