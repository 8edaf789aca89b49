using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Document;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Routing.Sending;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Journal;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary>
/// <c>GET /v1/commands/{command_id}</c>: the end of a command whose caller lost it, at whatever door it was sent. One that this gateway still waits for is told
/// from one that nobody knows of; what waits at another gateway cannot be.
/// </summary>
internal sealed class CommandEndpoint(JournalPages journal, ICommandsInFlight inFlight, EventStream stream, IOptions<GatewayOptions> options, TimeProvider time) : IRestEndpoint
{
    /// <summary>The id of the event that ends a stream: nothing follows it.</summary>
    private const string End = "end";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly QueryParameter Wait = new("wait", "number", "seconds to wait for the end where there is none yet; at most Gateway:CommandTimeout") { Example = "5" };

    public RestOperation Operation { get; } = new("getCommand", "Says how a command ended, or (202) that it still runs; with Accept: text/event-stream, as soon as it has", typeof(CommandEndResult)) { Query = [Wait] };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var isStream = EventStream.IsAsked(context.Request);
        var wait = query.Text(Wait.Name) is null && !isStream ? TimeSpan.Zero : query.Seconds(Wait.Name, options.Value.CommandTimeout);
        var id = PathText.Of(context, "command_id");
        if (isStream)
        {
            if (EventStream.LastId(context.Request) == End) EventStream.SayThatItIsOver(context);
            else await stream.WriteAsync(context, FollowAsync(context.Tenant(), id, wait, context.RequestAborted));
            return;
        }

        // Asked first: its end is in the journal before the wait for it is over.
        var running = inFlight.Find(context.Tenant(), id);
        if (await FindAsync(context.Tenant(), id, wait, context.RequestAborted) is { } ended) await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, Bytes(id, ended));
        else if ((wait > TimeSpan.Zero ? inFlight.Find(context.Tenant(), id) : running) is { } command) await RestJson.WriteAsync(context, RunningCommand.Of(command), StatusCodes.Status202Accepted);
        else throw Unknown(id);
    }

    private static BadRequestException Unknown(string id) => new(
        $"no command has ended under the id '{id}', and this gateway waits for none: it was not sent, runs or waits for its turn elsewhere, or is of a kind that has no end (listing tasks, get_info). Ask again, or send it again under the same id",
        StatusCodes.Status404NotFound,
        "unknown_command");

    /// <summary>An event now and then while there is no end, and then the end.</summary>
    private async IAsyncEnumerable<SseItem<byte[]>> FollowAsync(string tenant, string id, TimeSpan wait, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var begun = time.GetTimestamp(); ;)
        {
            var left = wait - time.GetElapsedTime(begun);
            var ended = await FindAsync(tenant, id, left < EventStream.LongestSilence ? left : EventStream.LongestSilence, cancellationToken);
            yield return ended is null
                ? EventStream.Event("waiting", RestJson.Bytes(inFlight.Find(tenant, id) is { } command ? RunningCommand.Of(command) : new RunningCommand(id, InstanceId: null, "unknown")))
                : EventStream.Event("end", Bytes(id, ended), End);
            if (ended is not null || left <= EventStream.LongestSilence) yield break;
        }
    }

    /// <summary>Another gateway may get the reply, so the journal is asked, and ever less often.</summary>
    private async Task<EndedCommand?> FindAsync(string tenant, string id, TimeSpan wait, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (await journal.FindCommandAsync(tenant, id, cancellationToken) is { } ended) return ended;
            var left = wait - time.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero) return null;
            await Task.Delay(pause < left ? pause : left, time, cancellationToken);
        }
    }

    private static byte[] Bytes(string id, EndedCommand ended)
    {
        var entry = ended.Entry;
        if (entry.End == CommandEnd.Completed) return CommandResult.Of(id, ended.InstanceId, entry.Answer);
        CommandOutcome.Refusal refusal = entry.End switch
        {
            CommandEnd.Rejected => new CommandOutcome.Rejected(entry.Reason, entry.Detail ?? ""),
            CommandEnd.Expired => new CommandOutcome.Expired(entry.Detail ?? ""),
            CommandEnd.Cancelled => new CommandOutcome.Cancelled(entry.Detail ?? ""),
            _ => new CommandOutcome.Failed(entry.Reason, entry.Detail ?? "", entry.Cause ?? FailureCause.Infrastructure),
        };
        return CommandResult.Of(id, ended.InstanceId, OutcomeNames.End(refusal), CommandProblem.Of(refusal));
    }
}
