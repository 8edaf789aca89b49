using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Document;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Settings;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary><c>GET /v1/instances/{instance_id}/info</c>: what the agent can do now. It changes nothing, and has no row in the journal.</summary>
internal sealed class InfoEndpoint(ICommandRouter router, IOptions<GatewayOptions> options) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("getInfo", "Says what the agent can do now: tools or rules, as the environment tells them", typeof(InstanceInfo)) { Query = [QueryParameter.Timeout] };

    public async Task AnswerAsync(HttpContext context)
    {
        var command = new RestCall(context, Operation, options.Value).Describe(PathText.Of(context, "instance_id"));
        var outcome = await router.SendAsync(command, context.RequestAborted);
        if (outcome is CommandOutcome.Completed completed)
        {
            CommandTimingHeader.Write(context.Response, completed.Timing);
            await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, Bytes(command.InstanceId, completed.Answer));
            return;
        }

        await CommandResult.WriteProblemAsync(context, command, await CommandProblem.OfAsync(context, outcome, IdempotencyKey.Header));
    }

    private static ReadOnlyMemory<byte> Bytes(string instance, byte[] info)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, RestJson.Writer);
        writer.WriteStartObject();
        writer.WriteString("instance_id", instance);
        RestJson.WriteRaw(writer, "info", info);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
