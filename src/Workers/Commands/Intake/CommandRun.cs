using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>Runs one command within its owner's mailbox, and sees to it that it has one end whatever happens.</summary>
internal sealed partial class CommandRun(CommandEnds ends, WorkerLease lease, TimeProvider time, ILogger<CommandRun> log)
{
    /// <exception cref="System.Data.Common.DbException">Whether the command was executed is unknown.</exception>
    public async Task<OwnerResult> RunAsync<TCommand>(InstanceOwner owner, TCommand command, ICommandExecution<TCommand> execution, CommandClock clock)
        where TCommand : InstanceCommand
    {
        if (owner.IsAbandoned) return OwnerResult.OwnerGone;
        var left = clock.Left;
        if (left <= TimeSpan.Zero) return await ExpireAsync(owner, command, "its time ran out behind other commands of the instance; it was not executed");

        // The journal says whether the command was executed before the end.
        if (owner.HasEnded) return OwnerResult.OwnerGone;

        var waited = clock.Elapsed;
        using var limit = new CancellationTokenSource(left, time);
        try
        {
            var result = await execution.ExecuteAsync(owner, command, clock, limit.Token);
            if (result is not OwnerResult.Replied { Reply: var reply }) return result;

            // Idle is the time since the end of its last command, however long that took.
            owner.Touch();
            reply = await EndAsync(owner, command, reply);
            return reply with { Owner = owner.Worker, Environment = owner.Pool.Environment, Timing = reply.Timing with { Waiting = waited.TotalMilliseconds } };
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return await ExpireAsync(owner, command, "its time ran out while the journal was asked; it was not executed");
        }
        catch (Exception exception) when (!DatabaseFailure.Is(exception))
        {
            owner.Disconnect();
            Failed(typeof(TCommand).Name, command.CommandId, exception);
            return await EndAsync(owner, command, CommandReply.Failed(command, $"the worker failed: {exception.Message}"));
        }
        finally
        {
            // An isolated container was for this one command.
            if (owner.Connection.IsIsolated) owner.Disconnect();
        }
    }

    /// <summary>Unless an earlier delivery of the command ended otherwise: then that is its end.</summary>
    public Task<CommandReply> ExpireAsync(Command command, string detail) => RecordAsync(command, CommandReply.Expired(command, detail));

    /// <summary>A Create may have been sent again under its key since this copy was: only its sender, who knows all copies, ends it for its time.</summary>
    private async Task<OwnerResult> ExpireAsync(InstanceOwner owner, InstanceCommand command, string detail) =>
        command is CreateInstance ? OwnerResult.OwnerGone : await EndAsync(owner, command, CommandReply.Expired(command, detail));

    /// <summary>
    /// The instance's owner knows the end from then on: sent again, the command must not reach the environment, which would be ahead of
    /// its episode when the journal refuses the second row.
    /// </summary>
    private async Task<CommandReply> EndAsync(InstanceOwner owner, Command command, CommandReply reply)
    {
        if (!lease.IsLive) return reply;
        var end = await ends.RecordAsync(command, reply, CancellationToken.None);

        // What completed is known already, but for the answer of a step that was repeated by its number: that has no row, and needs none.
        if (reply.End != CommandEnd.Completed && command is (StepInstance or EvaluateInstance)) owner.Position.Record(command.CommandId);
        return end;
    }

    /// <summary>What fails because this worker's lease has ended is no end of the command: the next owner executes it.</summary>
    private async Task<CommandReply> RecordAsync(Command command, CommandReply reply) =>
        lease.IsLive ? await ends.RecordAsync(command, reply, CancellationToken.None) : reply;

    [LoggerMessage(LogLevel.Error, "{Kind} {CommandId} failed")]
    private partial void Failed(string kind, string commandId, Exception failure);
}
