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
    CommandSender sender, OwnerCache owners, InstanceDirectory instances, FleetView fleet, CommandExpiry expiry, TimeProvider time)
{
    /// <summary>Silence after which a command is sent again the first time: longer than nearly every step takes.</summary>
    private static readonly TimeSpan FirstAttemptTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Silence after which it is sent again later on. Sent twice it still takes effect once.</summary>
    private static readonly TimeSpan LongestAttemptTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A worker answers at the deadline itself; its answer has to come back too.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <summary>Between two tries that failed at once, as when the owner's queue is gone but its lease is not.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>A Create goes to the workers that serve its environment; one with room takes it.</summary>
    /// <returns>The reply, or null where the command's end is unknown.</returns>
    public Task<CommandReply?> CreateAsync(CreateInstance command, CancellationToken cancellationToken) =>
        AskAsync(
            command,
            async (left, attemptTimeout, limit) => await UnservedAsync(command, command.EnvType, limit)
                ?? Learn(command, await sender.SendCreateAsync(command with { RemainingMs = left }, attemptTimeout, limit)),
            cancellationToken);

    /// <inheritdoc cref="CreateAsync" />
    public Task<CommandReply?> ListTasksAsync(ListTasks command, CancellationToken cancellationToken) =>
        AskAsync(
            command,
            async (left, attemptTimeout, limit) => await UnservedAsync(command, command.EnvType, limit)
                ?? await sender.SendToEntryAsync(command.EnvType, command with { RemainingMs = left }, attemptTimeout, limit),
            cancellationToken);

    /// <summary>A command for an instance goes to its owner; where none lives, to the shared entry of its environment.</summary>
    /// <returns>The reply, or null where the command's end is unknown.</returns>
    public Task<CommandReply?> SendAsync<TCommand>(TCommand command, Func<TCommand, int, TCommand> withRemaining, CancellationToken cancellationToken)
        where TCommand : class, IInstanceCommand =>
        AskAsync(command, async (left, attemptTimeout, limit) => Learn(command, await SendOnceAsync(withRemaining(command, left), attemptTimeout, limit)), cancellationToken);

    /// <summary>Tells the owner of an instance that nobody was there to take a step's answer.</summary>
    public async Task ReportUndeliveredAsync(StepInstance command)
    {
        var owner = owners.Find(command.Tenant, command.InstanceId)
            ?? (await instances.FindNewestAsync(command.Tenant, command.InstanceId, CancellationToken.None))?.Owner;
        if (owner is null) return;
        await sender.SendUndeliveredAsync(owner, new ResponseUndelivered { Tenant = command.Tenant, InstanceId = command.InstanceId, CommandId = command.CommandId });
    }

    private async Task<CommandReply?> AskAsync(ICommand command, Func<int, TimeSpan, CancellationToken, Task<CommandReply?>> ask, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var wait = FirstAttemptTimeout;
        while (true)
        {
            var left = TimeSpan.FromMilliseconds(command.RemainingMs) - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return await expiry.ExpireAsync(command, cancellationToken);

            var asked = time.GetTimestamp();
            var attemptTimeout = left < wait + wait ? left + Grace : wait;
            wait = wait * 2 < LongestAttemptTimeout ? wait * 2 : LongestAttemptTimeout;
            if (await AskOnceAsync(ask, left, attemptTimeout, cancellationToken) is { Reason: not CommandReason.OwnerChanged } reply) return reply;
            if (time.GetElapsedTime(asked) < Pause) await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>A database that hangs is held to the command's time as a worker is.</summary>
    private async Task<CommandReply?> AskOnceAsync(Func<int, TimeSpan, CancellationToken, Task<CommandReply?>> ask, TimeSpan left, TimeSpan attemptTimeout, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(left + Grace, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        try
        {
            return await ask((int)left.TotalMilliseconds + 1, attemptTimeout, limit.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<CommandReply?> SendOnceAsync<TCommand>(TCommand command, TimeSpan attemptTimeout, CancellationToken cancellationToken)
        where TCommand : class, IInstanceCommand
    {
        if (owners.Find(command.Tenant, command.InstanceId) is { } known && await fleet.IsLivingAsync(known, cancellationToken))
        {
            var reply = await sender.SendToWorkerAsync(known, command, attemptTimeout, cancellationToken);
            if (reply is null) owners.Forget(command.Tenant, command.InstanceId);
            return reply;
        }

        var row = await instances.FindNewestAsync(command.Tenant, command.InstanceId, cancellationToken);
        if (row is null) return Refused(command, CommandReason.UnknownInstance, InstanceErrors.Unknown(command.InstanceId));
        if (row.EndedAt is not null)
        {
            // The very command may have ended it, in a try before this one.
            return await expiry.FindAsync(command, cancellationToken) ?? Refused(command, InstanceErrors.Reason(row), InstanceErrors.Ended(row));
        }

        if (row.Owner is { } owner && await fleet.IsLivingAsync(owner, cancellationToken)) return await sender.SendToWorkerAsync(owner, command, attemptTimeout, cancellationToken);
        if (row.Owner is { } name && await fleet.FindOtherVersionAsync(name, cancellationToken) is { } other)
        {
            return await expiry.FindAsync(command, cancellationToken) ?? OtherVersion(command, other);
        }

        return await UnservedAsync(command, row.EnvType, cancellationToken) ?? await sender.SendToEntryAsync(row.EnvType, command, attemptTimeout, cancellationToken);
    }

    private CommandReply? Learn(IInstanceCommand command, CommandReply? reply)
    {
        if (reply?.Owner is { } owner) owners.Remember(command.Tenant, command.InstanceId, owner);
        else if (reply is not null) owners.Forget(command.Tenant, command.InstanceId);
        return reply;
    }

    private async Task<CommandReply?> UnservedAsync(ICommand command, string environment, CancellationToken cancellationToken)
    {
        var served = await fleet.EnvironmentsAsync(cancellationToken);
        if (served.ContainsKey(environment)) return null;
        return served.Count == 0
            ? Refused(command, CommandReason.NoCapacity, "no worker is there to serve any environment; start one, and try again")
            : Refused(command, CommandReason.InvalidRequest, $"unknown env_type '{environment}'; known are {string.Join(", ", served.Keys)}");
    }

    /// <summary>No end: the command takes effect later, where a gateway of the worker's version sends it or once that worker has left.</summary>
    private static CommandReply OtherVersion(IInstanceCommand command, Worker owner) =>
        Refused(command, CommandReason.OtherVersion, InstanceErrors.OtherVersion(command.InstanceId, owner)) with { End = CommandEnd.Failed, Cause = FailureCause.Infrastructure };

    private static CommandReply Refused(ICommand command, CommandReason reason, string detail) => new()
    {
        CommandId = command.CommandId,
        Tenant = command.Tenant,
        End = CommandEnd.Rejected,
        Reason = reason,
        Detail = detail,
        Cause = FailureCause.Caller,
    };
}
