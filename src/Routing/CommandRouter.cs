using SandQueue.Contracts;
using SandQueue.Routing.Fleet;
using SandQueue.Routing.Outcomes;
using SandQueue.Routing.Sending;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Routing;

/// <summary>
/// Sends each command to where it is executed, and brings back its outcome. A message is only a hint: a command without a
/// reply is sent again under the same id, to whoever owns the instance then, until its time is over (<see cref="CommandResend"/>).
/// </summary>
internal sealed class CommandRouter(
    CommandSender sender, CommandResend resend, OwnerCache owners, InstanceDirectory instances, FleetView fleet, CommandEnds ends) : ICommandRouter
{
    public Task<CommandOutcome> CreateAsync(CreateInstance command, CancellationToken cancellationToken) =>
        resend.RunAsync(
            command,
            async (attempt, timeout, limit) => await UnservedAsync(command, command.EnvType, limit)
                ?? Learn(command, await sender.SendCreateAsync(attempt, timeout, limit)),
            cancellationToken);

    public Task<CommandOutcome> ListTasksAsync(ListTasks command, CancellationToken cancellationToken) =>
        resend.RunAsync(
            command,
            async (attempt, timeout, limit) => await UnservedAsync(command, command.EnvType, limit)
                ?? await sender.SendToEntryAsync(command.EnvType, attempt, timeout, limit),
            cancellationToken);

    public Task<CommandOutcome> SendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : InstanceCommand =>
        resend.RunAsync(command, async (attempt, timeout, limit) => Learn(command, await SendOnceAsync(attempt, timeout, limit)), cancellationToken);

    public async Task ReportUndeliveredAsync(StepInstance command)
    {
        var owner = owners.Find(command.Tenant, command.InstanceId)
            ?? (await instances.FindNewestAsync(command.Tenant, command.InstanceId, CancellationToken.None))?.Owner;
        if (owner is null) return;
        await sender.SendUndeliveredAsync(owner, new ResponseUndelivered { Tenant = command.Tenant, InstanceId = command.InstanceId, CommandId = command.CommandId });
    }

    /// <summary>To the owner that is remembered, else to the one that the database names; where none lives, to the environment's shared entry.</summary>
    private async Task<CommandReply?> SendOnceAsync<TCommand>(TCommand command, TimeSpan timeout, CancellationToken cancellationToken)
        where TCommand : InstanceCommand
    {
        if (owners.Find(command.Tenant, command.InstanceId) is { } known && await fleet.IsLivingAsync(known, cancellationToken))
        {
            var reply = await sender.SendToWorkerAsync(known, command, timeout, cancellationToken);
            if (reply is null) owners.Forget(command.Tenant, command.InstanceId);
            return reply;
        }

        var row = await instances.FindNewestAsync(command.Tenant, command.InstanceId, cancellationToken);
        if (row is null) return CommandReply.Rejected(command, CommandReason.UnknownInstance, InstanceErrors.Unknown(command.InstanceId));
        if (row.EndedAt is not null)
        {
            // The very command may have ended it, in an attempt before this one.
            return await ends.FindAsync(command, cancellationToken) ?? CommandReply.Rejected(command, InstanceErrors.Reason(row), InstanceErrors.Ended(row));
        }

        if (row.Owner is { } owner && await fleet.IsLivingAsync(owner, cancellationToken)) return await sender.SendToWorkerAsync(owner, command, timeout, cancellationToken);
        if (row.Owner is { } name && await fleet.FindOtherVersionAsync(name, cancellationToken) is { } other)
        {
            return await ends.FindAsync(command, cancellationToken) ?? OtherVersion(command, other);
        }

        return await UnservedAsync(command, row.EnvType, cancellationToken) ?? await sender.SendToEntryAsync(row.EnvType, command, timeout, cancellationToken);
    }

    private CommandReply? Learn(InstanceCommand command, CommandReply? reply)
    {
        if (reply?.Owner is { } owner) owners.Remember(command.Tenant, command.InstanceId, owner);
        else if (reply is not null) owners.Forget(command.Tenant, command.InstanceId);
        return reply;
    }

    /// <returns>A refusal where no living worker serves the environment, else null.</returns>
    private async Task<CommandReply?> UnservedAsync(Command command, string environment, CancellationToken cancellationToken)
    {
        var served = await fleet.EnvironmentsAsync(cancellationToken);
        if (served.ContainsKey(environment)) return null;
        return served.Count == 0
            ? CommandReply.Rejected(command, CommandReason.NoCapacity, "no worker is there to serve any environment; start one, and try again")
            : CommandReply.Rejected(command, CommandReason.InvalidRequest, $"unknown env_type '{environment}'; known are {string.Join(", ", served.Keys)}");
    }

    /// <summary>Not an end: the command is executed later, where a gateway of the worker's version sends it or once that worker has stopped.</summary>
    private static CommandReply OtherVersion(InstanceCommand command, Worker owner) =>
        CommandReply.Failed(command, InstanceErrors.OtherVersion(command.InstanceId, owner), CommandReason.OtherVersion);
}
