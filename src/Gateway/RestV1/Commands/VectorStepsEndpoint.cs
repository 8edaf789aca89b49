using Microsoft.Extensions.Options;
using SandQueue.Gateway.RestV1.Document;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.RestV1.Commands;

/// <summary><c>POST /v1/steps</c>: takes steps of many instances side by side. Each has an end of its own, told in the order of the steps.</summary>
internal sealed class VectorStepsEndpoint(VectorDelivery delivery, RestBody bodies, IOptions<GatewayOptions> options) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("stepMany", "Takes steps of many instances side by side", typeof(StepsResult))
    {
        IsCommand = true,
        Query = [QueryParameter.Timeout],
        Body = typeof(StepsRequest),
        BodyExample = """{"steps": [{"instance_id": "tutorial", "action": {"role": "assistant", "content": "<action>right</action>"}, "step": 2, "command_id": "tutorial-2"}]}""",
    };

    public async Task AnswerAsync(HttpContext context)
    {
        var call = new RestCall(context, Operation, options.Value);
        using var body = await bodies.ReadAsync(context);
        await delivery.AnswerAsync(context, VectorSteps.Read(body.Fields, call, options.Value.MaxVectorSteps));
    }
}
