using System.Text.Json;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Catalogue;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.OpenEnv.Answers;
using SandQueue.Gateway.OpenEnv.Episodes;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Gateway.Tools;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.OpenEnv.Mcp;

/// <summary><c>POST /openenv/{environment}/mcp</c>: MCP's requests without a connection. A session is an instance, and its id the instance's name, so any gateway goes on with it.</summary>
internal sealed class McpEndpoint(
    NamedEnvironment names, EpisodeStart starts, EpisodeEnd ends, EpisodeScore scores, SharedTools shared, RecordedEpisodes recorded, StepDelivery steps, BodyLimit limit, IOptions<GatewayOptions> options, TimeProvider time)
{
    private const string Session = "session_id";

    public async Task AnswerAsync(HttpContext context)
    {
        var environment = (await names.FindAsync((string)context.GetRouteValue(OpenEnvEndpoints.Environment)!, context.RequestAborted)).Name;
        JsonElement id = default;
        byte[]? answer;
        try
        {
            using var body = Parse(await BodyReading.ReadAsync(context, limit, time));
            id = RpcRequest.IdOf(body.Fields) is { ValueKind: not JsonValueKind.Undefined } given ? given.Clone() : default;
            answer = await AnswerAsync(context, environment, RpcRequest.Read(body.Fields), context.RequestAborted);
        }
        catch (OpenEnvException exception)
        {
            answer = exception.Code == OpenEnvCode.InvalidJson ? RpcAnswer.Error(id, RpcAnswer.ParseError, exception.Message) : RpcAnswer.Error(id, exception);
        }
        catch (BadRequestException exception) when (exception.Status == StatusCodes.Status400BadRequest)
        {
            answer = RpcAnswer.Error(id, RpcAnswer.InvalidRequest, exception.Message);
        }

        if (answer is not null) await WriteAsync(context, answer);
    }

    private static Task WriteAsync(HttpContext context, byte[] answer) => JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, answer);

    private static RequestBody Parse(byte[] bytes)
    {
        try
        {
            return RequestBody.Parse(bytes);
        }
        catch (BadRequestException exception)
        {
            throw new OpenEnvException(OpenEnvCode.InvalidJson, exception.Message);
        }
    }

    /// <returns>Null where it is written already.</returns>
    private async Task<byte[]?> AnswerAsync(HttpContext context, string environment, RpcRequest asked, CancellationToken cancellationToken)
    {
        var tenant = context.Tenant();
        switch (asked.Method)
        {
            case "openenv/session/create":
                var reset = ResetRequest.Read(asked.Params, options.Value.MaxParamsBytes);
                if (reset.InstanceId is not null) throw new BadRequestException("the id of a session is made here; instance_id is for a reset");
                var episode = await starts.RunAsync(tenant, environment, reset, cancellationToken);
                if (context.IsCallerGone())
                {
                    // Nobody was told its name.
                    await ends.RunAsync(tenant, episode.InstanceId, CancellationToken.None);
                    return null;
                }

                return RpcAnswer.Result(asked.Id, writer =>
                {
                    writer.WriteString(Session, episode.InstanceId);
                    OpenEnvFrame.WriteObservation(writer, reward: null, isDone: false, episode.WriteOpening);
                });
            case "openenv/session/close":
                var ended = asked.Params.Required(Session);
                if (!await ends.RunAsync(tenant, ended, cancellationToken)) throw new OpenEnvException(OpenEnvCode.Execution, $"whether session '{ended}' was closed is not known now; close it again");
                return RpcAnswer.Result(asked.Id, writer =>
                {
                    writer.WriteString(Session, ended);
                    writer.WriteBoolean("closed", true);
                });
            case "tools/list":
                return RpcAnswer.Tools(asked.Id, asked.Params.Optional(Session) is { } session ? await ToolsAsync(tenant, session, cancellationToken) : await SharedAsync(tenant, environment, cancellationToken));
            case "tools/call":
                await CallAsync(context, tenant, asked, cancellationToken);
                return null;
            default:
                return RpcAnswer.Error(asked.Id, RpcAnswer.MethodNotFound, $"unknown method '{asked.Method}'; known are tools/list, tools/call, openenv/session/create and openenv/session/close");
        }
    }

    /// <summary>Writes the answer where the step is delivered: a caller that hangs up before it has all of it is told the same again.</summary>
    private async Task CallAsync(HttpContext context, string tenant, RpcRequest asked, CancellationToken cancellationToken)
    {
        var action = StepAction.ReadCall(asked.Params);
        var session = asked.Params.Optional(Session) ?? throw new BadRequestException("session_id is required: openenv/session/create gives one. A call without a session would be of an instance of its own");
        var tools = action.Tool == OfferedTool.SendMessage.Name ? await ToolsAsync(tenant, session, cancellationToken) : OfferedTools.None;
        var step = new StepInstance
        {
            CommandId = Guid.CreateVersion7().ToString("n"),
            Tenant = tenant,
            RemainingMs = (int)options.Value.CommandTimeout.TotalMilliseconds,
            InstanceId = session,
            Action = action.Message(tools, action.Number ?? 0),
            ExpectedStep = action.Number,
            HasNoIdempotencyKey = action.Number is null,
        };
        await steps.AnswerAsync(step, async outcome => await WriteAsync(context, await RenderAsync(tenant, session, asked.Id, outcome, cancellationToken)), cancellationToken);
    }

    private async Task<byte[]> RenderAsync(string tenant, string session, JsonElement id, CommandOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome is not CommandOutcome.Completed completed) return RpcAnswer.Error(id, OpenEnvException.Of(OpenEnvCode.OfStep(outcome), outcome));
        var answer = AnswerText.Of(completed.Answer);
        var evaluation = answer.IsTerminated ? await scores.FindAsync(tenant, session, options.Value.CommandTimeout, cancellationToken) : null;
        return RpcAnswer.Call(id, answer, completed.Answer, evaluation);
    }

    private async Task<OfferedTools> ToolsAsync(string tenant, string session, CancellationToken cancellationToken) =>
        (await recorded.FindAsync(tenant, session, cancellationToken))?.Tools ?? throw new OpenEnvException(OpenEnvCode.Session, $"there is no session '{session}'; openenv/session/create makes one");

    private async Task<OfferedTools> SharedAsync(string tenant, string environment, CancellationToken cancellationToken)
    {
        var (tools, refused) = await shared.FindAsync(tenant, environment, cancellationToken);
        return tools ?? throw OpenEnvException.Of(OpenEnvCode.OfCreate(refused!), refused!);
    }
}
