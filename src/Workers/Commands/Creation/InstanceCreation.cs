using SandQueue.Contracts;
using SandQueue.Storage.Model;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Containers;
using SandQueue.Workers.Episodes;
using SandQueue.Workers.Hosting;
using SandQueue.Workers.Ownership;
using SandQueue.Workers.Protocols;
using SandQueue.Workers.Replies;

namespace SandQueue.Workers.Commands.Creation;

/// <summary>
/// Makes instances. The new owner is known before its instance is: whatever comes for it meanwhile, the same Create
/// sent again included, waits in its mailbox.
/// </summary>
internal sealed class InstanceCreation(
    CommandIntake intake,
    CreateExecution create,
    OwnedInstances owned,
    EnvironmentPools pools,
    WorkerIdentity worker,
    ReplyOutbox replies,
    TimeProvider time)
{
    /// <summary>Completes when the Create was answered.</summary>
    public Task CreateAsync(CreateInstance command, Uri? replyTo)
    {
        var clock = new CommandClock(command, time);
        if (!pools.TryGet(command.EnvType, out var pool)) return Refuse(command, replyTo, $"this worker does not serve '{command.EnvType}'");

        InstanceOwner owner;
        try
        {
            owner = new InstanceOwner(NewRow(command), pool, worker.Name, time);
        }
        catch (EnvironmentRejectedException wrong)
        {
            return Refuse(command, replyTo, wrong.Message);
        }

        return owned.TryAdd(owner)
            ? intake.RunAsync(owner, command, create, replyTo, clock)
            : intake.AcceptAsync(command, create, replyTo);
    }

    private Instance NewRow(CreateInstance command)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return new Instance
        {
            Caller = command.Caller,
            InstanceId = command.InstanceId,
            EnvType = command.EnvType,
            TaskId = command.TaskId,
            Params = command.Params,
            SandboxId = command.SandboxId,
            State = InstanceState.Creating,
            Owner = worker.Name,
            Epoch = 1,
            Attempts = 1,
            MaxSteps = EpisodeLimits.Read(command.Params).MaxSteps,
            CreatedAt = now,
            LastUsedAt = now,
        };
    }

    private Task Refuse(CreateInstance command, Uri? replyTo, string detail)
    {
        replies.Send(replyTo, Reply.Rejected(command, CommandReason.InvalidRequest, detail));
        return Task.CompletedTask;
    }
}
