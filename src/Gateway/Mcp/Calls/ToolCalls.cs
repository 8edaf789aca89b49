using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Mcp.Results;
using SandQueue.Gateway.Mcp.Sessions;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.Mcp.Calls;

/// <summary>
/// Answers <c>tools/list</c> and <c>tools/call</c>. While a task is open, a name that is neither its tool nor the door's is an agent's mistake, and a step: its
/// environment judges it. Else it is a caller's, and an error of JSON-RPC.
/// </summary>
internal sealed partial class ToolCalls(
    LiveSessions sessions, SessionTasks tasks, TaskOpening opening, EpisodeCalls episodes, DiscoveryCalls discovery, PastCalls past, ILogger<ToolCalls> log)
{
    public async ValueTask<ListToolsResult> ListAsync(RequestContext<ListToolsRequestParams> request, CancellationToken cancellationToken) =>
        ToolList.Of(await tasks.LookAsync(Session(request.Server), cancellationToken));

    public async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var session = Session(request.Server);
        var id = session.CommandId(request.JsonRpcRequest.Id);
        try
        {
            var (result, changesTools, _) = await CallAsync(session, id, request.Params.Name, CallArguments.Current, cancellationToken);
            if (changesTools) await request.Server.SendNotificationAsync(NotificationMethods.ToolListChangedNotification, cancellationToken);
            return result;
        }
        catch (BadRequestException exception)
        {
            throw Wrong(exception.Message);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            Failed(request.Params.Name, exception);
            return ToolResults.Failure(instance: null, id, Away(exception));
        }
        catch (Exception exception) when (exception is not (McpException or OperationCanceledException))
        {
            // The SDK would make a result of it, as if the environment had said so.
            Broken(request.Params.Name, exception);
            throw new McpProtocolException(OneLine.Of($"the gateway failed: {exception.Message}"), McpErrorCode.InternalError);
        }
    }

    private async Task<CallResult> CallAsync(EpisodeSession session, string id, string name, JsonElement arguments, CancellationToken cancellationToken)
    {
        var task = await tasks.FindAsync(session, cancellationToken);
        if (DoorTools.Meant(name, task) is not { } tool)
        {
            if (task is not null) return await episodes.StepAsync(session, task, id, name, arguments, cancellationToken);
            return await past.FindAsync(session, id, cancellationToken) ?? throw new BadRequestException($"there is no tool '{OneLine.Of(name, 100)}': no task is open in this session; {DoorTools.Open} opens one");
        }

        if (arguments.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined)) throw new BadRequestException($"arguments must be an object, not {RequestBody.Shown(arguments)}");
        var fields = new JsonFields(arguments.ValueKind == JsonValueKind.Undefined ? JsonElement.Parse("{}") : arguments);
        return tool switch
        {
            DoorTools.Environments => await discovery.EnvironmentsAsync(fields, cancellationToken),
            DoorTools.Tasks => await discovery.TasksAsync(session, fields, cancellationToken),
            DoorTools.Open => await opening.OpenAsync(session, id, fields, cancellationToken),
            _ when task is null => await past.FindAsync(session, id, cancellationToken) ?? throw new BadRequestException($"no task is open in this session; {DoorTools.Open} opens one"),
            DoorTools.Evaluate => await episodes.EvaluateAsync(session, task, id, fields, cancellationToken),
            _ => fields.Unknown([]) is { } unknown ? throw new BadRequestException($"{tool} takes nothing, not '{unknown}'") : await opening.ReleaseAsync(session, id, task.InstanceId, cancellationToken),
        };
    }

    private EpisodeSession Session(McpServer server) => sessions.Find(server.SessionId) ?? throw Wrong("this session has ended");

    private static McpProtocolException Wrong(string detail) => new(OneLine.Of(detail), McpErrorCode.InvalidParams);

    private static CommandProblem Away(Exception failure)
    {
        var problem = JournalProbe.Problem(failure);
        var code = problem is null ? ErrorCodes.DatabaseAway : ErrorCodes.JournalFull;
        return new CommandProblem(StatusCodes.Status503ServiceUnavailable, code, problem ?? "the database cannot be reached; try again later", new CommandOutcome.Rejected(CommandReason.NoCapacity, ""));
    }

    [LoggerMessage(LogLevel.Warning, "the MCP tool {Tool} failed: the database cannot be reached")]
    private partial void Failed(string tool, Exception failure);

    [LoggerMessage(LogLevel.Error, "the MCP tool {Tool} failed")]
    private partial void Broken(string tool, Exception failure);
}
