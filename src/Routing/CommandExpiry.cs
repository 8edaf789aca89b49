using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Routing.Fleet;
using SandQueue.Storage;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;

namespace SandQueue.Routing;

/// <summary>
/// Ends commands whose time ran out without a reply. A command has one end, written once: only who writes "expired" may
/// say so, for then it can never take effect any more. Who finds another end there answers with that.
/// </summary>
public sealed partial class CommandExpiry(
    EpisodeJournal journal, EpisodeReader episodes, FleetView fleet, TimeProvider time, ILogger<CommandExpiry> log)
{
    private static readonly TimeSpan JournalLimit = TimeSpan.FromSeconds(3);

    /// <returns>The end of the command; null where it is unknown, because the journal cannot be reached.</returns>
    public async Task<CommandReply?> ExpireAsync(ICommand command, CancellationToken cancellationToken)
    {
        if (CommandContent.Kind(command) is not { } kind) return Ended(command, CommandEnd.Expired, CommandReason.TimedOut, "no answer came in time");

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(JournalLimit);
        try
        {
            var (end, reason, detail) = await WordsAsync(command, limit.Token);
            var ended = Ended(command, end, reason, detail);
            var entry = UncompletedEnd.Entry(command, kind, ended, time.GetUtcNow().ToUnixTimeMilliseconds());
            return await journal.AppendAsync(new JournalAppend(entry, Progress: null), limit.Token) == JournalVerdict.Committed
                ? ended
                : await FindAsync(command, limit.Token);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Unknown(command.CommandId, exception);
            return null;
        }
    }

    /// <summary>The end a command has in the journal; a conflict where its id was used for something else, null where it has none.</summary>
    public async Task<CommandReply?> FindAsync(ICommand command, CancellationToken cancellationToken)
    {
        if (await episodes.FindEndAsync(command, cancellationToken) is not { } recorded) return null;
        if (!recorded.IsOfSameCommand) return Ended(command, CommandEnd.Rejected, CommandReason.Conflict, InstanceErrors.UsedBefore(command.CommandId)) with { Cause = FailureCause.Caller };

        var entry = recorded.Entry;
        return Ended(command, entry.End, entry.Reason, entry.Detail) with { Answer = entry.Answer, Cause = entry.Cause };
    }

    private async Task<(CommandEnd End, CommandReason Reason, string Detail)> WordsAsync(ICommand command, CancellationToken cancellationToken) =>
        command is CreateInstance create && await fleet.FreeSlotsAsync(cancellationToken) <= 0
            ? (CommandEnd.Rejected, CommandReason.NoCapacity, $"no capacity: {await fleet.InstancesAsync(cancellationToken)} instances live, and no room for another of '{create.EnvType}' became free in time")
            : (CommandEnd.Expired, CommandReason.TimedOut, "no answer came in time; the command did not take effect and never will. The instance goes on as it was: send a new command");

    private static CommandReply Ended(ICommand command, CommandEnd end, CommandReason reason, string? detail) => new()
    {
        CommandId = command.CommandId,
        Tenant = command.Tenant,
        End = end,
        Reason = reason,
        Detail = detail,
        Cause = FailureCause.Infrastructure,
    };

    [LoggerMessage(LogLevel.Warning, "the end of command {CommandId} is unknown: the journal cannot be reached")]
    private partial void Unknown(string commandId, Exception failure);
}
