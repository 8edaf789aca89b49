using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Mcp.Results;
using SandQueue.Gateway.Mcp.Sessions;
using SandQueue.Gateway.Tools;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Mcp.Calls;

/// <summary>Steps and scores the task that a session plays.</summary>
internal sealed class EpisodeCalls(ICommandRouter router, EpisodeCommands commands, JournalState journal)
{
    /// <summary>Takes a step. What is wrong with the tool's name or arguments the environment says, and it counts as it does for every agent.</summary>
    /// <exception cref="BadRequestException">It is no message that could be sent.</exception>
    public async Task<CallResult> StepAsync(EpisodeSession session, OpenTask task, string id, string tool, JsonElement arguments, CancellationToken cancellationToken)
    {
        var step = commands.Step(session, id, task.InstanceId, ToolCallAction.Of(task.Tools, id, tool, arguments));
        var outcome = await router.SendAsync(step, cancellationToken);
        if (outcome is not CommandOutcome.Completed completed) return await FailedAsync(step, outcome, cancellationToken);
        var changed = AnswerText.Of(completed.Answer).Step is { } number && session.Advance(task.InstanceId, number, id, completed.Answer);
        return new CallResult(ToolResults.Step(task.InstanceId, id, completed.Answer), changed);
    }

    /// <exception cref="BadRequestException">A member is wrong.</exception>
    public async Task<CallResult> EvaluateAsync(EpisodeSession session, OpenTask task, string id, JsonFields fields, CancellationToken cancellationToken)
    {
        if (fields.Unknown(["params"]) is { } unknown) throw new BadRequestException($"{DoorTools.Evaluate} takes params, not '{unknown}'");
        var evaluate = commands.Evaluate(session, id, task.InstanceId, fields);
        var outcome = await router.SendAsync(evaluate, cancellationToken);
        if (outcome is not CommandOutcome.Completed completed) return await FailedAsync(evaluate, outcome, cancellationToken);
        session.Note(task.InstanceId, id);
        return new CallResult(ToolResults.Evaluation(task.InstanceId, id, completed.Answer));
    }

    private async Task<CallResult> FailedAsync(InstanceCommand command, CommandOutcome outcome, CancellationToken cancellationToken) =>
        CallResult.Failed(command.InstanceId, command.CommandId, await CommandProblem.OfAsync(journal, outcome, RequestKey.Words, cancellationToken));
}
