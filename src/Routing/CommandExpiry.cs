using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Routing.Fleet;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Journal;

namespace SandQueue.Routing;

/// <summary>
/// Ends commands whose time ran out without a reply. A command has one end, written once: only who writes "expired" may
/// say so, for then it can never take effect any more. Who finds another end there answers with that.
/// </summary>
internal sealed partial class CommandExpiry(CommandEnds ends, FleetView fleet, TimeProvider time, ILogger<CommandExpiry> log)
{
    private static readonly TimeSpan JournalLimit = TimeSpan.FromSeconds(3);

    /// <returns>The end of the command; null where it is unknown, because the journal cannot be reached.</returns>
    public Task<CommandReply?> ExpireAsync(Command command, CancellationToken cancellationToken) =>
        AskAsync(command, async limit => await ends.RecordAsync(command, await EndAsync(command, limit), limit), cancellationToken);

    /// <summary>The end of a command whose answer no message can carry: the journal has it; of a command that is not journaled there is none.</summary>
    /// <inheritdoc cref="ExpireAsync" path="/returns"/>
    public Task<CommandReply?> FindTooLargeAsync(Command command, CommandReply reply, CancellationToken cancellationToken) =>
        AskAsync(
            command,
            async limit => await ends.FindAsync(command, limit) ?? await ends.FindRepeatedStepAsync(command, limit) ?? CommandReply.Failed(command, $"the answer is too large: {reply.Detail}"),
            cancellationToken);

    /// <summary>
    /// Writes an end that a reply brought, unless it is written. A refusal that comes late may be of an attempt whose row was removed for
    /// this one: without a row, what was sent since would still take effect after its caller was told that it has not.
    /// </summary>
    /// <inheritdoc cref="ExpireAsync" path="/returns"/>
    public Task<CommandReply?> ConfirmAsync(Command command, CommandReply reply, CancellationToken cancellationToken) =>
        AskAsync(command, limit => ends.RecordAsync(command, reply, limit), cancellationToken);

    private async Task<CommandReply?> AskAsync(Command command, Func<CancellationToken, Task<CommandReply>> ask, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(JournalLimit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        try
        {
            return await ask(limit.Token);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Unknown(command.CommandId, exception);
            return null;
        }
    }

    private async Task<CommandReply> EndAsync(Command command, CancellationToken cancellationToken)
    {
        if (command is CreateInstance create && await fleet.CapacityAsync(create.EnvType, cancellationToken) is { Free: <= 0 } capacity)
        {
            var detail = $"no capacity: {capacity.Live} instances of '{create.EnvType}' live, and no slot for another became free in time; send it again, with the same key if it has one";
            return CommandReply.Rejected(command, CommandReason.NoCapacity, detail) with { Cause = FailureCause.Infrastructure };
        }

        return CommandReply.Expired(command, command switch
        {
            CreateInstance => "no answer came in time; no instance was made, and this command never makes one. Send a new command, with another key if it had one",
            InstanceCommand => "no answer came in time; the command did not take effect and never will. The instance goes on as it was: send a new command",
            _ => "no answer came in time",
        });
    }

    [LoggerMessage(LogLevel.Warning, "the end of command {CommandId} is unknown: the journal cannot be reached")]
    private partial void Unknown(string commandId, Exception exception);
}
