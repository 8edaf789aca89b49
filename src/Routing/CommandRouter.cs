using SandQueue.Contracts;
using SandQueue.Routing.Fleet;
using SandQueue.Routing.Sending;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;

namespace SandQueue.Routing;

/// <summary>
/// Sends each command to where it is executed, and brings back its reply. A message is only a hint: a command without an
/// answer is sent again under the same id, to whoever owns the instance then, until its time is over.
/// </summary>
public sealed class CommandRouter(
    CommandSender sender, OwnerCache owners, InstanceDirectory instances, Fleet fleet, CommandExpiry expiry, TimeProvider time)
{
    /// <summary>Silence after which a command is sent again the first time: longer than nearly every step takes.</summary>
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(3);

    /// <summary>Silence after which it is sent again later on. Sent twice it still takes effect once.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A worker answers at the deadline itself; its answer has to come back too.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <summary>Between two tries that failed at once, as when the owner's queue is gone but its lease is not.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>A Create goes to the workers that serve its environment; one with room takes it.</summary>
    /// <returns>The reply, or null where the command's end is unknown.</returns>
    public Task<CommandReply?> CreateAsync(CreateInstance command, CancellationToken cancel) =>
        AskAsync(
            command,
            async (left, patience, limit) => await UnservedAsync(command, command.EnvType, limit)
                ?? Learn(command, await sender.SendCreateAsync(command with { RemainingMs = left }, patience, limit)),
            cancel);

    /// <inheritdoc cref="CreateAsync" />
    public Task<CommandReply?> ListTasksAsync(ListTasks command, CancellationToken cancel) =>
        AskAsync(
            command,
            async (left, patience, limit) => await UnservedAsync(command, command.EnvType, limit)
                ?? await sender.SendToEntryAsync(command.EnvType, command with { RemainingMs = left }, patience, limit),
            cancel);

    /// <summary>A command for an instance goes to its owner; where none lives, to the shared entry of its environment.</summary>
    /// <returns>The reply, or null where the command's end is unknown.</returns>
    public Task<CommandReply?> SendAsync<TCommand>(TCommand command, Func<TCommand, int, TCommand> withRemaining, CancellationToken cancel)
        where TCommand : class, IInstanceCommand =>
        AskAsync(command, async (left, patience, limit) => Learn(command, await SendOnceAsync(withRemaining(command, left), patience, limit)), cancel);

    /// <summary>Tells the owner of an instance that nobody was there to take a step's answer.</summary>
    public async Task UnclaimedAsync(StepInstance command)
    {
        var owner = owners.Find(command.Caller, command.InstanceId)
            ?? (await instances.FindNewestAsync(command.Caller, command.InstanceId, CancellationToken.None))?.Owner;
        if (owner is null) return;
        await sender.SendUnclaimedAsync(owner, new AnswerUnclaimed { Caller = command.Caller, InstanceId = command.InstanceId, CommandId = command.CommandId });
    }

    private async Task<CommandReply?> AskAsync(ICommand command, Func<int, TimeSpan, CancellationToken, Task<CommandReply?>> ask, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var wait = FirstPatience;
        while (true)
        {
            var left = TimeSpan.FromMilliseconds(command.RemainingMs) - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return await expiry.ExpireAsync(command, cancel);

            var asked = time.GetTimestamp();
            var patience = left < wait + wait ? left + Grace : wait;
            wait = wait * 2 < Patience ? wait * 2 : Patience;
            if (await AskOnceAsync(ask, left, patience, cancel) is { Reason: not CommandReason.OwnerChanged } reply) return reply;
            if (time.GetElapsedTime(asked) < Pause) await Task.Delay(Pause, time, cancel);
        }
    }

    /// <summary>A database that hangs is held to the command's time as a worker is.</summary>
    private async Task<CommandReply?> AskOnceAsync(Func<int, TimeSpan, CancellationToken, Task<CommandReply?>> ask, TimeSpan left, TimeSpan patience, CancellationToken cancel)
    {
        using var over = new CancellationTokenSource(left + Grace, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, over.Token);
        try
        {
            return await ask((int)left.TotalMilliseconds + 1, patience, limit.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<CommandReply?> SendOnceAsync<TCommand>(TCommand command, TimeSpan patience, CancellationToken cancel)
        where TCommand : class, IInstanceCommand
    {
        if (owners.Find(command.Caller, command.InstanceId) is { } known && await fleet.IsLivingAsync(known, cancel))
        {
            var reply = await sender.SendToWorkerAsync(known, command, patience, cancel);
            if (reply is null) owners.Forget(command.Caller, command.InstanceId);
            return reply;
        }

        var row = await instances.FindNewestAsync(command.Caller, command.InstanceId, cancel);
        if (row is null) return Refused(command, CommandReason.UnknownInstance, InstanceWords.Unknown(command.InstanceId));
        if (row.EndedAt is not null)
        {
            // The very command may have ended it, in a try before this one.
            return await expiry.FindAsync(command, cancel) ?? Refused(command, InstanceWords.Reason(row), InstanceWords.Ended(row));
        }

        if (row.Owner is { } owner && await fleet.IsLivingAsync(owner, cancel)) return await sender.SendToWorkerAsync(owner, command, patience, cancel);
        if (row.Owner is { } name && await fleet.FindOtherVersionAsync(name, cancel) is { } other)
        {
            return await expiry.FindAsync(command, cancel) ?? OtherVersion(command, other);
        }

        return await UnservedAsync(command, row.EnvType, cancel) ?? await sender.SendToEntryAsync(row.EnvType, command, patience, cancel);
    }

    private CommandReply? Learn(IInstanceCommand command, CommandReply? reply)
    {
        if (reply?.Owner is { } owner) owners.Remember(command.Caller, command.InstanceId, owner);
        else if (reply is not null) owners.Forget(command.Caller, command.InstanceId);
        return reply;
    }

    private async Task<CommandReply?> UnservedAsync(ICommand command, string environment, CancellationToken cancel)
    {
        var served = await fleet.EnvironmentsAsync(cancel);
        if (served.ContainsKey(environment)) return null;
        return served.Count == 0
            ? Refused(command, CommandReason.NoCapacity, "no worker is there to serve any environment; start one, and try again")
            : Refused(command, CommandReason.InvalidRequest, $"unknown env_type '{environment}'; known are {string.Join(", ", served.Keys)}");
    }

    /// <summary>No end: the command takes effect later, where a gateway of the worker's version sends it or once that worker has left.</summary>
    private static CommandReply OtherVersion(IInstanceCommand command, Worker owner) =>
        Refused(command, CommandReason.OtherVersion, InstanceWords.OtherVersion(command.InstanceId, owner)) with { End = CommandEnd.Failed, Cause = FailureCause.Infrastructure };

    private static CommandReply Refused(ICommand command, CommandReason reason, string detail) => new()
    {
        CommandId = command.CommandId,
        Caller = command.Caller,
        End = CommandEnd.Rejected,
        Reason = reason,
        Detail = detail,
        Cause = FailureCause.Caller,
    };
}
