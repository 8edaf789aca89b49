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
    private const string ListMethod = "tools/list";

    public async ValueTask<ListToolsResult> ListAsync(RequestContext<ListToolsRequestParams> request, CancellationToken cancellationToken)
    {
        try
        {
            return ToolList.Of(await tasks.LookAsync(Session(request.Server), cancellationToken));
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            Failed(ListMethod, exception);
            throw new McpProtocolException("the database cannot be reached; try again later", McpErrorCode.InternalError);
        }
        catch (Exception exception) when (exception is not (McpException or OperationCanceledException))
        {
            throw OurFault(ListMethod, exception);
        }
    }

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
            throw OurFault(request.Params.Name, exception);
        }
    }

    private async Task<CallResult> CallAsync(EpisodeSession session, string id, string name, JsonElement arguments, CancellationToken cancellationToken)
    {
        var task = await tasks.FindAsync(session, cancellationToken);
        var result = await CallAsync(session, task, id, name, arguments, cancellationToken);
        if (task is not null && result.IsOfNone && DoorTools.Meant(name, task) is null or DoorTools.Evaluate or DoorTools.Release)
        {
            // It may have been released at another gateway, and another task opened there: then that one is meant.
            result = result with { ChangesTools = session.Forget(task.InstanceId) };
            if (await tasks.LookAsync(session, cancellationToken) is { } other && other.InstanceId != task.InstanceId) result = await CallAsync(session, other, id, name, arguments, cancellationToken) with { ChangesTools = true };
        }

        return result.Problem?.Refusal is { Reason: CommandReason.Conflict } ? await past.FindAsync(session, id, name, arguments, cancellationToken) ?? result : result;
    }

    private async Task<CallResult> CallAsync(EpisodeSession session, OpenTask? task, string id, string name, JsonElement arguments, CancellationToken cancellationToken)
    {
        if (DoorTools.Meant(name, task) is not { } tool)
        {
            return task is not null
                ? await episodes.StepAsync(session, task, id, name, arguments, cancellationToken)
                : await PastAsync($"there is no tool '{OneLine.Of(name, 100)}': no task is open in this session");
        }

        if (arguments.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined)) throw new BadRequestException($"arguments must be an object, not {RequestBody.Shown(arguments)}");
        var fields = new JsonFields(arguments.ValueKind == JsonValueKind.Undefined ? JsonElement.Parse("{}") : arguments);
        return tool switch
        {
            DoorTools.Environments => await discovery.EnvironmentsAsync(fields, cancellationToken),
            DoorTools.Tasks => await discovery.TasksAsync(session, fields, cancellationToken),
            DoorTools.Open => await opening.OpenAsync(session, opening.Read(session, id, fields), cancellationToken),
            _ when task is null => await PastAsync("no task is open in this session"),
            DoorTools.Evaluate => await episodes.EvaluateAsync(session, task, id, fields, cancellationToken),
            _ => fields.Unknown([]) is { } unknown ? throw new BadRequestException($"{tool} takes nothing, not '{unknown}'") : await opening.ReleaseAsync(session, id, task.InstanceId, cancellationToken),
        };

        async Task<CallResult> PastAsync(string wrong) =>
            await past.FindAsync(session, id, name, arguments, cancellationToken) ?? throw new BadRequestException($"{wrong}; {DoorTools.Open} opens one");
    }

    private EpisodeSession Session(McpServer server) => sessions.Find(server.SessionId) ?? throw Wrong("this session has ended");

    private static McpProtocolException Wrong(string detail) => new(OneLine.Of(detail), McpErrorCode.InvalidParams);

    private McpProtocolException OurFault(string what, Exception exception)
    {
        Broken(what, exception);
        return new McpProtocolException(OneLine.Of($"the gateway failed: {exception.Message}"), McpErrorCode.InternalError);
    }

    /// <summary>It may have been on its way already, and may take effect.</summary>
    private static CommandProblem Away(Exception failure)
    {
        var problem = JournalProbe.Problem(failure);
        return new CommandProblem(
            StatusCodes.Status503ServiceUnavailable,
            problem is null ? ErrorCodes.DatabaseAway : ErrorCodes.JournalFull,
            $"{problem ?? "the database cannot be reached"}. Whether the call took effect is unknown; ask again with the same {RequestKey.Words}",
            Refusal: null);
    }

    [LoggerMessage(LogLevel.Warning, "{What} of MCP failed: the database cannot be reached")]
    private partial void Failed(string what, Exception failure);

    [LoggerMessage(LogLevel.Error, "{What} of MCP failed")]
    private partial void Broken(string what, Exception failure);
}
