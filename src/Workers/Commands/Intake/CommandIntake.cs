using MassTransit;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.FaultInjection;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Replies;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>
/// Takes commands off the queue, finds the owner of each, and lets it execute them. Nothing here throws: each command
/// of an envelope ends alone, with a reply of its own.
/// </summary>
internal sealed partial class CommandIntake(OwnerLookup owners, CommandEnds ends, WorkerLease lease, ReplyOutbox replies, Failpoints failpoints, TimeProvider time, ILogger<CommandIntake> log)
{
    /// <summary>Hands commands to their owners and returns at once: what the queue holds is a hint, the sender asks again.</summary>
    public void Accept<TCommand>(IEnumerable<TCommand> commands, ICommandExecution<TCommand> execution, Uri? replyTo)
        where TCommand : InstanceCommand
    {
        foreach (var command in commands) _ = AcceptAsync(command, execution, replyTo);
    }

    /// <summary>Completes when the command has been answered, or was forwarded.</summary>
    public Task AcceptAsync<TCommand>(TCommand command, ICommandExecution<TCommand> execution, Uri? replyTo)
        where TCommand : InstanceCommand => AcceptAsync(command, execution, replyTo, new CommandClock(command, time));

    private async Task AcceptAsync<TCommand>(TCommand command, ICommandExecution<TCommand> execution, Uri? replyTo, CommandClock clock)
        where TCommand : InstanceCommand
    {
        try
        {
            if (clock.Left <= TimeSpan.Zero)
            {
                // Of a Create that nobody had room for, its sender knows more: how many instances live everywhere.
                // Of all others the journal says whether an earlier delivery took effect.
                if (command is not CreateInstance) replies.Send(replyTo, await ExpireAsync(command, "its time ran out before its instance was found; it did not take effect"));
                return;
            }

            using var limit = new CancellationTokenSource(clock.Left, time);
            var found = await owners.FindAsync(command, replyTo, clock, limit.Token);
            if (found.Reply is { } refused) replies.Send(replyTo, refused);
            if (found.Owner is { } owner) await RunAsync(owner, command, execution, replyTo, clock);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) || exception is MassTransitException or TimeoutException or OperationCanceledException)
        {
            // Nothing took effect, and a reply would be the command's end: its sender looks for the owner again.
            NotTaken(command.CommandId, exception);
        }
        catch (Exception exception)
        {
            Failed(typeof(TCommand).Name, command.CommandId, exception);
            replies.Send(replyTo, CommandReply.Failed(command, $"the worker could not take the command: {exception.Message}"));
        }
    }

    /// <summary>Runs a command in its owner's mailbox, and answers it.</summary>
    public Task RunAsync<TCommand>(InstanceOwner owner, TCommand command, ICommandExecution<TCommand> execution, Uri? replyTo, CommandClock clock)
        where TCommand : InstanceCommand
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!owner.TryPost(async () =>
            {
                try
                {
                    await AnswerAsync(owner, command, execution, replyTo, clock);
                }
                finally
                {
                    done.SetResult();
                }
            }))
        {
            replies.Send(replyTo, CommandReply.Rejected(command, CommandReason.NoCapacity, $"too many commands wait for instance '{owner.InstanceId}'"));
            done.SetResult();
        }

        return done.Task;
    }

    private async Task AnswerAsync<TCommand>(
        InstanceOwner owner, TCommand command, ICommandExecution<TCommand> execution, Uri? replyTo, CommandClock clock)
        where TCommand : InstanceCommand
    {
        try
        {
            var reply = owner.Abandoned ? null : await ExecuteAsync(owner, command, execution, clock);
            await failpoints.ReachAsync(Failpoint.BeforeReply);
            if (reply is not null) replies.Send(replyTo, reply);
            else await AcceptAsync(command, execution, replyTo, clock);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            // Whether the journal took the row is unknown, so nothing is said; the sender asks again. A rebuild from the
            // journal shows what the row's owner must know before it goes on.
            owner.Disconnect();
            NotTaken(command.CommandId, exception);
        }
    }

    private async Task<CommandReply?> ExecuteAsync<TCommand>(
        InstanceOwner owner, TCommand command, ICommandExecution<TCommand> execution, CommandClock clock)
        where TCommand : InstanceCommand
    {
        var left = clock.Left;
        if (left <= TimeSpan.Zero) return await ExpireAsync(command, "its time ran out behind other commands of the instance; it did not take effect");

        // The journal knows whether the command took effect before the end.
        if (owner.Ended is not null) return null;

        var waited = clock.Elapsed;
        using var limit = new CancellationTokenSource(left, time);
        try
        {
            var reply = await execution.ExecuteAsync(owner, command, clock, limit.Token);
            if (reply is null) return null;

            // Idle is the time since the end of its last command, however long that took.
            owner.Touch();
            reply = await RecordAsync(command, reply);
            return reply with { Owner = owner.Worker, Timing = reply.Timing with { Waiting = waited.TotalMilliseconds } };
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return await ExpireAsync(command, "its time ran out while the journal was asked; it did not take effect");
        }
        catch (Exception exception) when (!DatabaseFailure.Is(exception))
        {
            owner.Disconnect();
            Failed(typeof(TCommand).Name, command.CommandId, exception);
            return await RecordAsync(command, CommandReply.Failed(command, $"the worker failed: {exception.Message}"));
        }
        finally
        {
            // A container of its own was for this one command.
            if (owner.IsIsolated) owner.Disconnect();
        }
    }

    /// <summary>Unless an earlier delivery of the command ended otherwise: then that is its end.</summary>
    private Task<CommandReply> ExpireAsync(Command command, string detail) =>
        RecordAsync(command, CommandReply.Expired(command, detail));

    /// <summary>What fails because this worker's lease has ended is no end of the command: the next owner executes it.</summary>
    private async Task<CommandReply> RecordAsync(Command command, CommandReply reply) =>
        lease.IsLive ? await ends.RecordAsync(command, reply, CancellationToken.None) : reply;

    [LoggerMessage(LogLevel.Warning, "command {CommandId} is left to its sender, which asks again")]
    private partial void NotTaken(string commandId, Exception failure);

    [LoggerMessage(LogLevel.Error, "{Kind} {CommandId} failed")]
    private partial void Failed(string kind, string commandId, Exception failure);
}
