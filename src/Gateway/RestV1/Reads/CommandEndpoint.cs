using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Document;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Journal;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary><c>GET /v1/commands/{command_id}</c>: the end of a command whose caller lost it, at whatever door it was sent.</summary>
internal sealed class CommandEndpoint(JournalPages journal, IOptions<GatewayOptions> options, TimeProvider time) : IRestEndpoint
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly QueryParameter Wait = new("wait", "number", "seconds to wait for the end where there is none yet; at most Gateway:CommandTimeout") { Example = "5" };

    public RestOperation Operation { get; } = new("getCommand", "Says how a command ended", typeof(CommandEndResult)) { Query = [Wait] };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var wait = query.Text(Wait.Name) is null ? TimeSpan.Zero : query.Seconds(Wait.Name, options.Value.CommandTimeout);
        var id = PathText.Of(context, "command_id");
        var ended = await FindAsync(context.Tenant(), id, wait, context.RequestAborted)
            ?? throw new BadRequestException(
                $"no command has ended under the id '{id}': it was not sent, still runs, or is of a kind that has no end (listing tasks, get_info). Ask again, or send it again under the same id",
                StatusCodes.Status404NotFound,
                "unknown_command");
        await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, Bytes(id, ended));
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
