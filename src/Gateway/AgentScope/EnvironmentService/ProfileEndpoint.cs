using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Settings;
using SandQueue.Routing;

namespace SandQueue.Gateway.AgentScope.EnvironmentService;

/// <summary><c>POST /get_env_profile</c>: the task ids of <c>params.split</c>, <c>train</c> where none is named.</summary>
internal sealed class ProfileEndpoint(ICommandRouter router, IOptions<GatewayOptions> options) : ICallEndpoint
{
    public async Task AnswerAsync(HttpContext context, RequestBody body)
    {
        var call = ServiceAnswer.Call(context, body, options.Value);
        var command = call.ListTasks(call.Params.Optional("split") ?? "train");
        await ServiceAnswer.WriteAsync(context, await router.ListTasksAsync(command, context.RequestAborted));
    }
}
