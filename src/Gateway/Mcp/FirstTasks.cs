using System.Text.Json;
using ModelContextProtocol.Protocol;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Mcp.Calls;
using SandQueue.Gateway.Mcp.Sessions;
using SandQueue.Routing;

namespace SandQueue.Gateway.Mcp;

/// <summary>The tasks that headers open as a session begins.</summary>
internal sealed class FirstTasks(SessionTasks tasks, TaskOpening opening, ICommandRouter router)
{
    /// <returns>What the environment says first.</returns>
    /// <exception cref="BadRequestException">The task could not be opened.</exception>
    public async Task<string> OpenAsync(HttpContext context, EpisodeSession session, JsonElement asked, CancellationToken cancellationToken)
    {
        var fields = new JsonFields(asked);
        var create = opening.Read(session, $"{session.Name}-open", fields);

        // Who gets no answer does not know the session, and cannot send its Create again.
        if (fields.Optional("instance_id") is null) create = create with { HasNoIdempotencyKey = true };
        var mayBeLost = true;
        try
        {
            var opened = await opening.OpenAsync(session, create, cancellationToken);
            mayBeLost = opened.Problem is null or { Refusal: null };
            if (opened.Problem is { } problem) throw new BadRequestException($"the task could not be opened: {problem.Detail}", problem.Status, problem.Code);
            if (context.IsCallerGone()) throw new OperationCanceledException("the caller has gone");
            mayBeLost = false;
            return string.Join("\n\n", opened.Result.Content.OfType<TextContentBlock>().Select(block => block.Text));
        }
        finally
        {
            if (mayBeLost) router.ReportUndelivered(create);
        }
    }

    /// <summary>An instance that headers name is played on wherever they come; it may be one that the session has not made.</summary>
    public async Task GoOnAsync(EpisodeSession session, IHeaderDictionary headers, CancellationToken cancellationToken)
    {
        if (TaskHeaders.Read(headers) is not { } asked) return;
        if (new JsonFields(asked).Optional("instance_id") is { } named) session.Task = await tasks.ReadAsync(session.Tenant, named, known: null, cancellationToken);
    }
}
