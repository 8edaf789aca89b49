using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Replies;

namespace SandQueue.Workers.Commands.Creation;

/// <summary>
/// Makes instances. The new owner is known before its instance is: whatever comes for it meanwhile, the same Create
/// sent again included, waits in its mailbox.
/// </summary>
internal sealed class InstanceCreation(
    CommandIntake intake, CreateExecution create, NewOwners owners, EnvironmentPools pools, DrainState drain, WorkerLease lease, CreateReturn returns, ReplyOutbox replies, TimeProvider time)
{
    /// <summary>Completes when the Create was answered.</summary>
    public Task CreateAsync(CreateInstance command, Uri? replyTo)
    {
        var clock = new CommandClock(command, time);
        if (!pools.TryGet(command.EnvType, out var pool)) return Refuse(command, replyTo, $"this worker does not serve '{command.EnvType}'");

        // Without a lease it owns nothing, and its answers are withheld: another worker makes the instance.
        if (!lease.IsLive) return returns.ReturnAsync(command, replyTo, clock);

        try
        {
            return !drain.IsDraining && owners.TryAdd(command, pool) is { } owner
                ? intake.RunAsync(owner, command, create, replyTo, clock)
                : intake.AcceptAsync(command, create, replyTo);
        }
        catch (EnvironmentRejectedException exception)
        {
            return Refuse(command, replyTo, exception.Message);
        }
    }

    private Task Refuse(CreateInstance command, Uri? replyTo, string detail)
    {
        replies.Send(replyTo, CommandReply.Rejected(command, CommandReason.InvalidRequest, detail));
        return Task.CompletedTask;
    }
}
