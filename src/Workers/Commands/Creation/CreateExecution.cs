using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;

namespace SandQueue.Workers.Commands.Creation;

/// <summary>Executes a Create: a slot, then the instance in it; what fails undoes what came before it.</summary>
internal sealed class CreateExecution(
    InstanceDirectory instances, InstanceMaking making, CommandEnds ends, RetryAnswers recorded, OwnedInstances owned, DrainState drain, TimeProvider time) : ICommandExecution<CreateInstance>
{
    /// <summary>Workers that may die over one Create.</summary>
    private const int MaxAttempts = 3;

    public async Task<OwnerResult> ExecuteAsync(InstanceOwner owner, CreateInstance command, CommandClock clock, CancellationToken cancellationToken)
    {
        if (owner.IsClaimed)
        {
            if (await recorded.RepeatCreateAsync(owner, command, cancellationToken) is { } repeated) return repeated;
            if (await GiveUpUnmadeAsync(owner, command) is { } refused) return refused;
        }

        OwnerResult result;
        try
        {
            result = await TryMakeAsync(owner, command, cancellationToken);
        }
        catch
        {
            // An owner of nothing would answer for an instance that another worker makes.
            owned.GiveUp(owner);
            throw;
        }

        if (owner.Connection.Environment is not null) return result;

        owned.GiveUp(owner);
        if (owner.IsClaimed)
        {
            await EndAsync(owner, $"was not made: {Why(result, cancellationToken)}");
        }

        return result;
    }

    /// <summary>
    /// Ends the row of an instance whose worker died while it made it, so that it is made again. A Create that killed
    /// several workers is not given another.
    /// </summary>
    private async Task<CommandReply?> GiveUpUnmadeAsync(InstanceOwner owner, CreateInstance command)
    {
        var attempts = owner.Row.Attempts;
        await EndAsync(owner, "was not made: its worker died");
        owner.StartOver();
        if (attempts < MaxAttempts) return null;

        owned.GiveUp(owner);
        return CommandReply.Failed(command, $"{attempts} workers died while they made instance '{owner.InstanceId}'; it is not tried again");
    }

    private async Task<OwnerResult> TryMakeAsync(InstanceOwner owner, CreateInstance command, CancellationToken cancellationToken)
    {
        try
        {
            // Mostly it is new and a slot is free: then the claim of its row says so by itself.
            if (owner.Pool.TryAcquire(command.Tenant) is { } free && await making.MakeAsync(owner, command, free, isLookedUp: false, cancellationToken) is { } made) return made;

            // Before it waits for capacity: what was made before needs none.
            if (await ends.FindAsync(command, cancellationToken) is { } before) return before;
            if (await instances.FindLivingAsync(command.Tenant, command.InstanceId, cancellationToken) is not null) return OwnerResult.OwnerGone;

            return await SlotWait.AcquireAsync(owner.Pool, command.Tenant, drain, time, cancellationToken) is { } slot
                ? (await making.MakeAsync(owner, command, slot, isLookedUp: true, cancellationToken))!
                : OwnerResult.OwnerGone;
        }
        catch (EnvironmentRejectedException exception)
        {
            return CommandReply.Rejected(command, CommandReason.InvalidRequest, exception.Message);
        }
        catch (Exception exception) when (exception is EnvironmentFailedException or ContainerException)
        {
            return CommandReply.Failed(command, $"instance '{command.InstanceId}' could not be made: {exception.Message}");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // This copy's time is over. Its sender may have sent another since, under the same key: only the sender ends a Create for its time.
            return OwnerResult.OwnerGone;
        }
    }

    private static string Why(OwnerResult result, CancellationToken cancellationToken) => result switch
    {
        OwnerResult.Replied { Reply.Detail: { } detail } => detail,
        _ when cancellationToken.IsCancellationRequested => "its time ran out",
        _ => "its command had made another before",
    };

    private Task<bool> EndAsync(InstanceOwner owner, string why) =>
        instances.EndAsync(owner.Row.EpisodeId, owner.Row.Epoch, InstanceState.Failed, why, owner.Now, CancellationToken.None);
}
