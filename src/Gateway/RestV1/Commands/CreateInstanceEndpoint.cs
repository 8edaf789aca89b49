using Microsoft.Extensions.Options;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Document;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Settings;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.RestV1.Commands;

/// <summary><c>POST /v1/instances</c>: makes an instance of a task.</summary>
internal sealed class CreateInstanceEndpoint(CreateDelivery delivery, RestBody bodies, IOptions<GatewayOptions> options) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("createInstance", "Makes an instance of a task", typeof(CreateResult))
    {
        Status = StatusCodes.Status201Created,
        IsCommand = true,
        Query = [QueryParameter.Timeout],
        Body = typeof(CreateRequest),
        BodyExample = """{"env_type": "frozenlake", "task_id": "4x4-1000000", "instance_id": "tutorial"}""",
    };

    public async Task AnswerAsync(HttpContext context)
    {
        var call = new RestCall(context, Operation, options.Value);
        using var body = await bodies.ReadAsync(context);
        var command = call.Create(body.Fields);
        await delivery.AnswerAsync(context, command, outcome =>
        {
            if (outcome is CommandOutcome.Completed) context.Response.Headers.Location = $"/v1/instances/{Uri.EscapeDataString(command.InstanceId)}";
            return CommandResult.WriteAsync(context, command, outcome, StatusCodes.Status201Created);
        });
    }
}
