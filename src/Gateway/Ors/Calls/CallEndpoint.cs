using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Catalogue;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Ors.Sessions;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Gateway.Tools;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Journal;

namespace SandQueue.Gateway.Ors.Calls;

/// <summary>
/// <c>POST /{environment}/call</c>: a step, answered by events. Its id, which the first event tells, is the command's: asked again with it, its end comes from the journal. A client that
/// lost even that event sends the call again without one, and the worker recognises it, as it does a step without a key.
/// </summary>
internal sealed partial class CallEndpoint(
    SessionEpisodes episodes, StepDelivery steps, EpisodeScore scores, CommandEnds ends, BodyLimit limit, IOptions<GatewayOptions> options, TimeProvider time, ILogger<CallEndpoint> log)
{
    /// <summary>The same call has the same message, whoever sends it again.</summary>
    private const string CallId = "call";

    public async Task AnswerAsync(HttpContext context)
    {
        var session = OrsSession.IdOf(context.Request);
        var environment = (string)context.GetRouteValue(OrsEndpoints.Environment)!;
        using var body = await RequestBody.ReadAsync(context, limit, time);
        var step = await ReadAsync(context, session, environment, body.Fields);

        // What ended without an answer ended before its instance knew of it: only the journal does.
        var ended = body.Has("task_id") ? await ends.FindAsync(step, context.RequestAborted) : null;
        await using var events = EventStream.Begin(context, time);
        try
        {
            await events.SendAsync("task_id", step.CommandId);
            if (ended is { End: not CommandEnd.Completed }) await EndAsync(events, CallResult.Error(ended.Detail ?? "", ended.Reason));
            else await steps.AnswerAsync(step, outcome => TellAsync(events, step, outcome, context.RequestAborted), context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The client is gone, or the gateway stops: a stream without an end is asked for again, at whatever gateway.
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            DatabaseAway(step.InstanceId, exception);
            await EndAsync(events, CallResult.Error("the database cannot be reached, and the call was not sent; send it again", ErrorCodes.DatabaseAway));
        }
    }

    private async Task<StepInstance> ReadAsync(HttpContext context, string session, string environment, JsonFields call)
    {
        SessionTask.Require(call, "name", "input", "task_id");
        var (name, task) = (call.Required("name"), call.Optional("task_id"));
        if (task is not null && !IsId(task)) throw new BadRequestException("task_id is none that a call gave");
        var input = call.Object("input");

        // Only the doors' own tool is read here, and an environment may have one of its name.
        await episodes.BeginAsync(context, environment);
        var isMessage = name == OfferedTool.SendMessage.Name && !await episodes.HasOwnSendMessageAsync(context, environment);
        return new StepInstance
        {
            CommandId = task ?? Guid.CreateVersion7().ToString("n"),
            Tenant = context.Tenant(),
            RemainingMs = (int)options.Value.CommandTimeout.TotalMilliseconds,
            InstanceId = session,
            Action = isMessage ? ToolCallAction.Of(OfferedTools.None, CallId, name, input) : ToolCallAction.Call(CallId, name, input),

            // Also of one that names its id: whoever asks with it is there after all, and the next call of the same content is another.
            HasNoIdempotencyKey = true,
        };
    }

    /// <summary>An id goes back in an event, and is ours.</summary>
    private static bool IsId(string task) => task.All(char.IsAsciiLetterOrDigit);

    private async Task TellAsync(EventStream events, StepInstance step, CommandOutcome outcome, CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case CommandOutcome.Completed completed:
                var answer = AnswerText.Of(completed.Answer);
                var evaluation = answer.IsTerminated ? await scores.FindAsync(step.Tenant, step.InstanceId, options.Value.CommandTimeout, cancellationToken) : null;
                await EndAsync(events, CallResult.Of(answer, completed.Answer, evaluation));
                break;
            case CommandOutcome.Refusal refusal:
                await EndAsync(events, CallResult.Error(refusal.Detail, refusal.Reason));
                break;
            default:
                // A stream that ends without an end is asked for again by its id, and that is what finds the end of this command.
                break;
        }
    }

    private static async Task EndAsync(EventStream events, string result)
    {
        string? last = null;
        foreach (var piece in ResultPieces.Of(result))
        {
            if (last is not null) await events.SendAsync("chunk", last);
            last = piece;
        }

        await events.SendAsync("end", last ?? "");
    }

    [LoggerMessage(LogLevel.Warning, "a call in ORS session {Session} failed: the database cannot be reached")]
    private partial void DatabaseAway(string session, Exception failure);
}
