using Microsoft.Extensions.Options;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Document;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Settings;
using SandQueue.Routing;

namespace SandQueue.Gateway.RestV1.Commands;

/// <summary><c>POST /v1/instances/{instance_id}/evaluations</c>: scores the episode so far.</summary>
internal sealed class EvaluateEndpoint(ICommandRouter router, RestBody bodies, IOptions<GatewayOptions> options) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("evaluate", "Scores the episode so far", typeof(EvaluateResult))
    {
        IsCommand = true,
        Query = [QueryParameter.Timeout],
        Body = typeof(EvaluateRequest),
        BodyExample = """{"params": {"sparse": true}}""",
    };

    public async Task AnswerAsync(HttpContext context)
    {
        var call = new RestCall(context, Operation, options.Value);
        using var body = await bodies.ReadOptionalAsync(context);
        var command = call.Evaluate(PathText.Of(context, "instance_id"), body.Fields);
        await CommandResult.WriteAsync(context, command, await router.SendAsync(command, context.RequestAborted));
    }
}
