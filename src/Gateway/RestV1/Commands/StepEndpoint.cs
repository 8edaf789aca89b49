using Microsoft.Extensions.Options;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Document;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.RestV1.Commands;

/// <summary><c>POST /v1/instances/{instance_id}/steps</c>: takes one step.</summary>
internal sealed class StepEndpoint(StepDelivery delivery, RestBody bodies, IOptions<GatewayOptions> options) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("step", "Takes one step with the agent's message", typeof(StepResult))
    {
        IsCommand = true,
        Query = [QueryParameter.Timeout],
        Body = typeof(StepRequest),
        BodyExample = """{"action": {"role": "assistant", "content": "South! <action>down</action>"}, "step": 1}""",
    };

    public async Task AnswerAsync(HttpContext context)
    {
        var call = new RestCall(context, Operation, options.Value);
        using var body = await bodies.ReadAsync(context);
        var command = call.Step(PathText.Of(context, "instance_id"), body.Fields, call.Key);
        await delivery.AnswerAsync(command, outcome => CommandResult.WriteAsync(context, command, outcome), context.RequestAborted);
    }
}
