using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.FaultInjection;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Replies;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>
/// Takes commands off the queue, finds the owner of each, and lets it execute them. Nothing here throws: each command
/// of an envelope ends alone, with a reply of its own.
/// </summary>
internal sealed partial class CommandIntake(
    OwnerLookup owners, RunningCommands running, CommandRun runs, CreateReturn returns, OrphanedInstances orphaned, WorkerLease lease, ReplyOutbox replies, Failpoints failpoints, TimeProvider time, ILogger<CommandIntake> log)
{
    /// <summary>Hands commands to their owners and returns at once: what the queue holds is a hint, the sender asks again.</summary>
    public void Accept<TCommand>(IEnumerable<TCommand> commands, ICommandExecution<TCommand> execution, Uri? replyTo)
        where TCommand : InstanceCommand
    {
        foreach (var command in commands) _ = AcceptAsync(command, execution, replyTo);
    }

    /// <summary>Completes when the command has been answered, or was forwarded.</summary>
    public async Task AcceptAsync<TCommand>(TCommand command, ICommandExecution<TCommand> execution, Uri? replyTo)
        where TCommand : InstanceCommand
    {
        var clock = new CommandClock(command, time);
        if (running.TryJoin(command, out var other) && await other is { } joined) replies.Send(replyTo, joined);
        else await running.RunAsync(command, () => FindOwnerAsync(command, execution, replyTo, clock));
    }

    /// <summary>Runs a command in the mailbox of an owner that was made for it, and answers it.</summary>
    public Task RunAsync<TCommand>(InstanceOwner owner, TCommand command, ICommandExecution<TCommand> execution, Uri? replyTo, CommandClock clock)
        where TCommand : InstanceCommand =>
        running.RunAsync(command, () => EnterMailboxAsync(owner, command, execution, replyTo, clock));

    /// <returns>The reply that was sent; null where the command came to no end here.</returns>
    private async Task<CommandReply?> FindOwnerAsync<TCommand>(TCommand command, ICommandExecution<TCommand> execution, Uri? replyTo, CommandClock clock)
        where TCommand : InstanceCommand
    {
        try
        {
            if (clock.Left <= TimeSpan.Zero)
            {
                // Of a Create that nobody had capacity for, its sender knows more: how many instances live everywhere.
                // Of all others the journal says whether an earlier delivery was executed.
                return command is CreateInstance ? null : Send(replyTo, await runs.ExpireAsync(command, "its time ran out before its instance was found; it was not executed"));
            }

            if (owners.FindHere(command) is { } owner) return await EnterMailboxAsync(owner, command, execution, replyTo, clock);
            using var limit = new CancellationTokenSource(clock.Left, time);
            return await owners.FindAsync(command, replyTo, clock, limit.Token) switch
            {
                OwnerLookupResult.Here here => await EnterMailboxAsync(here.Owner, command, execution, replyTo, clock),
                OwnerLookupResult.Refused refused => Send(replyTo, refused.Reply),
                OwnerLookupResult.WithoutLease => await ReturnAsync(command, replyTo, clock),
                _ => null,
            };
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) || exception is MassTransitException or TimeoutException or OperationCanceledException)
        {
            // It was not executed, and a reply would be the command's end: its sender looks for the owner again.
            NotExecuted(command.CommandId, exception.Message);
            return await ReturnAsync(command, replyTo, clock);
        }
        catch (Exception exception)
        {
            Failed(typeof(TCommand).Name, command.CommandId, exception);
            return Send(replyTo, CommandReply.Failed(command, $"the worker could not take the command: {exception.Message}"));
        }
    }

    /// <inheritdoc cref="FindOwnerAsync"/>
    private async Task<CommandReply?> EnterMailboxAsync<TCommand>(
        InstanceOwner owner, TCommand command, ICommandExecution<TCommand> execution, Uri? replyTo, CommandClock clock)
        where TCommand : InstanceCommand
    {
        CommandReply? reply = null;
        var span = Activity.Current;
        if (!owner.Mailbox.TryRun(() => RunAsync(span), out var answered))
        {
            return Send(replyTo, CommandReply.Rejected(command, CommandReason.NoCapacity, $"too many commands wait for instance '{owner.InstanceId}'"));
        }

        try
        {
            await answered;
        }
        catch (Exception exception)
        {
            // Whatever it is, it came after the command was executed: a reply of ours could contradict the journal.
            NotAnswered(command.CommandId, exception);
        }

        return reply;

        // The mailbox runs the commands of many traces.
        async Task RunAsync(Activity? current)
        {
            if (current is not null) Activity.Current = current;
            reply = await AnswerAsync(owner, command, execution, replyTo, clock);
        }
    }

    /// <inheritdoc cref="FindOwnerAsync"/>
    private async Task<CommandReply?> AnswerAsync<TCommand>(
        InstanceOwner owner, TCommand command, ICommandExecution<TCommand> execution, Uri? replyTo, CommandClock clock)
        where TCommand : InstanceCommand
    {
        try
        {
            var result = await runs.RunAsync(owner, command, execution, clock);
            await failpoints.ReachAsync(Failpoint.BeforeReply);
            if (result is not OwnerResult.Replied { Reply: var reply }) return await FindOwnerAsync(command, execution, replyTo, clock);

            // What failed because the lease has ended is no end of the command, and its reply would be withheld.
            if (command is CreateInstance && reply.End != CommandEnd.Completed && !lease.IsLive) return await ReturnAsync(command, replyTo, clock);
            replies.Send(replyTo, reply, command is CreateInstance { HasNoIdempotencyKey: true } create ? () => orphaned.Release(create) : null);
            return reply;
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            // Whether the journal took the row is unknown, so nothing is said; the sender asks again. A rebuild from the
            // journal shows what the row's owner must know before it goes on.
            owner.Disconnect();
            NotAnswered(command.CommandId, exception);
            return await ReturnAsync(command, replyTo, clock);
        }
    }

    /// <summary>A Create is not sent again by its sender, so it goes back to its queue; of all other commands nothing is said.</summary>
    private async Task<CommandReply?> ReturnAsync(Command command, Uri? replyTo, CommandClock clock)
    {
        if (command is CreateInstance create) await returns.ReturnAsync(create, replyTo, clock);
        return null;
    }

    private CommandReply Send(Uri? replyTo, CommandReply reply)
    {
        replies.Send(replyTo, reply);
        return reply;
    }

    [LoggerMessage(LogLevel.Warning, "command {CommandId} was not executed and is sent again: {Reason}")]
    private partial void NotExecuted(string commandId, string reason);

    [LoggerMessage(LogLevel.Warning, "command {CommandId} was not answered, and the journal says whether it was executed; its sender asks again")]
    private partial void NotAnswered(string commandId, Exception failure);

    [LoggerMessage(LogLevel.Error, "{Kind} {CommandId} failed")]
    private partial void Failed(string kind, string commandId, Exception failure);
}
