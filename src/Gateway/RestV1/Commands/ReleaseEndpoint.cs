using Microsoft.Extensions.Options;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Document;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Settings;
using SandQueue.Routing;

namespace SandQueue.Gateway.RestV1.Commands;

/// <summary><c>DELETE /v1/instances/{instance_id}</c>: ends an instance; its episode stays.</summary>
internal sealed class ReleaseEndpoint(ICommandRouter router, IOptions<GatewayOptions> options) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("releaseInstance", "Ends an instance; its episode stays", typeof(ReleaseResult))
    {
        IsCommand = true,
        Query = [QueryParameter.Timeout],
    };

    public async Task AnswerAsync(HttpContext context)
    {
        var command = new RestCall(context, Operation, options.Value).Release(PathText.Of(context, "instance_id"));
        await CommandResult.WriteAsync(context, command, await router.SendAsync(command, context.RequestAborted));
    }
}
