using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Mcp.Results;
using SandQueue.Gateway.Mcp.Sessions;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Mcp.Calls;

/// <summary>Opens and releases the task of a session.</summary>
internal sealed class TaskOpening(ICommandRouter router, EpisodeCommands commands, SessionTasks tasks, JournalState journal)
{
    private static readonly string[] Members = ["env_type", "task_id", "instance_id", "params"];

    /// <summary>What the members of <c>open_task</c> ask for.</summary>
    /// <exception cref="BadRequestException">A member is wrong.</exception>
    public CreateInstance Read(EpisodeSession session, string id, JsonFields fields) => fields.Unknown(Members) is { } unknown
        ? throw new BadRequestException($"{DoorTools.Open} takes {string.Join(", ", Members)}, not '{unknown}'")
        : commands.Create(session, id, fields);

    /// <summary>Makes an instance, or goes on with one that lives under the name that is given.</summary>
    public async Task<CallResult> OpenAsync(EpisodeSession session, CreateInstance create, CancellationToken cancellationToken)
    {
        // The one before may be this very call, sent again: its answer is waited for.
        var id = create.CommandId;
        if (!await session.Turn.WaitAsync(create.RemainingMs, cancellationToken)) return CallResult.Failed(create.InstanceId, id, CommandProblem.Of(new CommandOutcome.Rejected(CommandReason.Conflict, "another task is being opened in this session")));
        try
        {
            // It may have been released at another gateway.
            if (session.Task is not null && await tasks.LookAsync(session, cancellationToken) is { } open && open.InstanceId != create.InstanceId) return CallResult.Failed(create.InstanceId, id, CommandProblem.Of(Occupied(open)));
            var outcome = await router.CreateAsync(create, cancellationToken);
            if (outcome is not CommandOutcome.Completed completed) return await FailedAsync(create, outcome, cancellationToken);

            // One that was opened before may have been played on, or have ended.
            session.Task = await tasks.ReadAsync(create.Tenant, create.InstanceId, session.Task, cancellationToken);
            return new CallResult(ToolResults.Opening(create.InstanceId, id, create.EnvType, create.TaskId, session.Task?.Step ?? 0, completed.Answer), ChangesTools: true);
        }
        finally
        {
            session.Turn.Release();
        }
    }

    /// <summary>Ends an instance.</summary>
    public async Task<CallResult> ReleaseAsync(EpisodeSession session, string id, string instance, CancellationToken cancellationToken)
    {
        var release = commands.Release(session, id, instance);
        var outcome = await router.SendAsync(release, cancellationToken);
        if (outcome is not CommandOutcome.Completed) return await FailedAsync(release, outcome, cancellationToken);
        session.Forget(instance);
        return new CallResult(ToolResults.Release(instance, id), ChangesTools: true);
    }

    private static CommandOutcome.Rejected Occupied(OpenTask open) =>
        new(CommandReason.Conflict, $"task '{open.TaskId}' of {open.EnvType} is open in this session, as instance '{open.InstanceId}'; release it first, or open the other in a session of its own");

    private async Task<CallResult> FailedAsync(InstanceCommand command, CommandOutcome outcome, CancellationToken cancellationToken) =>
        CallResult.Failed(command.InstanceId, command.CommandId, await CommandProblem.OfAsync(journal, outcome, RequestKey.Words, cancellationToken));
}
