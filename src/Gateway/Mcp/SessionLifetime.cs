using ModelContextProtocol.Server;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Mcp.Calls;
using SandQueue.Gateway.Mcp.Sessions;
using SandQueue.Gateway.Security;
using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.Mcp;

/// <summary>Begins sessions, and ends them: with a session ends the instance that it made, unless its caller named it.</summary>
internal sealed partial class SessionLifetime(LiveSessions sessions, EndedSessions ended, SessionTasks tasks, TaskOpening opening, FirstTasks first, IHostApplicationLifetime host, TimeProvider time, ILogger<SessionLifetime> log)
{
    private const string Words =
        "SandQueue serves training environments. open_task opens a task of an environment; list_environments and list_tasks say which there are. Then the task's own tools are listed, and every call of one is a step. structuredContent of its result has the step's reward (null where there is none), terminated and end_reason. evaluate scores the episode, release ends it.";

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    /// <summary>Called by the SDK with the request that begins a session, and with the first one of a session that began elsewhere.</summary>
    public async Task BeginAsync(HttpContext context, McpServerOptions options, CancellationToken cancellationToken)
    {
        options.ServerInstructions = Words;
        if (context.Request.Headers[McpHeaders.Session].ToString() is { Length: > 0 } other)
        {
            if (sessions.Find(other) is { } begun) await GoOnAsync(context, begun, other, cancellationToken);
            return;
        }

        var id = context.Response.Headers[McpHeaders.Session].ToString();
        var session = new EpisodeSession(context.Tenant(), id);
        if (TaskHeaders.Read(context.Request.Headers) is { } asked)
        {
            try
            {
                options.ServerInstructions = await first.OpenAsync(context, session, asked, cancellationToken);
            }
            catch
            {
                context.Response.Headers.Remove(McpHeaders.Session);
                throw;
            }
        }

        sessions.Add(id, session);
    }

    /// <summary>Runs a session to its end.</summary>
    public async Task RunAsync(McpServer server, CancellationToken cancellationToken)
    {
        var id = server.SessionId!;
        var session = sessions.Find(id);
        try
        {
            await server.RunAsync(cancellationToken);
        }
        finally
        {
            if (session is not null)
            {
                sessions.Remove(id, session);

                // A session goes on at another gateway, or after the restart.
                if (!host.ApplicationStopping.IsCancellationRequested) await EndIdleAsync(session);
            }
        }
    }

    /// <summary>Ends the instance of a session that its client ends, whatever gateway it began at.</summary>
    /// <exception cref="BadRequestException">It could not be released: the session goes on, and can be ended again.</exception>
    public async Task EndAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var session = sessions.Find(id) ?? new EpisodeSession(tenant, id);
        if (await tasks.LookAsync(session, cancellationToken) is { } task && session.Named(task.InstanceId))
        {
            var released = await ReleaseAsync(session, task, cancellationToken);
            if (!released.IsOfNone && released.Problem is { } problem) throw new BadRequestException($"instance '{task.InstanceId}' could not be released: {problem.Detail}", problem.Status, problem.Code);
        }

        session.Task = null;
        ended.Add(tenant, id);
    }

    private async Task GoOnAsync(HttpContext context, EpisodeSession session, string id, CancellationToken cancellationToken)
    {
        try
        {
            await first.GoOnAsync(session, context.Request.Headers, cancellationToken);
        }
        catch
        {
            // The SDK runs no session then, and this one would never end.
            sessions.Remove(id, session);
            throw;
        }
    }

    /// <summary>An instance that was played on elsewhere is left to whoever does: the session may have been taken over.</summary>
    private async Task EndIdleAsync(EpisodeSession session)
    {
        using var limit = new CancellationTokenSource(EndLimit, time);
        try
        {
            if (session.Task is not { } task || !session.Named(task.InstanceId)) return;
            if (!await tasks.IsLeftAsync(session.Tenant, task, limit.Token)) return;
            var released = await ReleaseAsync(session, task, limit.Token);
            if (!released.IsOfNone && released.Problem is { } problem) NotReleased(task.InstanceId, problem.Detail);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) || exception is OperationCanceledException)
        {
            NotReleased(session.Task?.InstanceId ?? "", exception.GetBaseException().Message);
        }
    }

    /// <summary>Nobody sends it again under its id, and one that failed must not be the answer of the next.</summary>
    private Task<CallResult> ReleaseAsync(EpisodeSession session, OpenTask task, CancellationToken cancellationToken) =>
        opening.ReleaseAsync(session, $"{session.Name}-end-{Guid.CreateVersion7():n}", task.InstanceId, cancellationToken);

    [LoggerMessage(LogLevel.Warning, "instance {Instance} of an MCP session that ended could not be released now, and is once it is idle: {Reason}")]
    private partial void NotReleased(string instance, string reason);
}
