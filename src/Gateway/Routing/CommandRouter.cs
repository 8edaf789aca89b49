using SandQueue.Client;
using SandQueue.Contracts;
using SandQueue.Storage.Instances;

namespace SandQueue.Gateway.Routing;

/// <summary>Sends each command to where it is executed, and brings back its reply.</summary>
internal sealed class CommandRouter(CommandSender sender, OwnerCache owners, InstanceDirectory instances, Fleet fleet)
{
    /// <summary>A Create goes to the workers that serve its environment; one with room takes it.</summary>
    /// <returns>The reply, or null where none came in time.</returns>
    public async Task<CommandReply?> CreateAsync(CreateInstance command, CancellationToken cancel)
    {
        if (await UnservedAsync(command, command.EnvType, cancel) is { } refused) return refused;
        return Learn(command, await sender.SendAsync(command, cancel));
    }

    /// <inheritdoc cref="CreateAsync" />
    public async Task<CommandReply?> ListTasksAsync(ListTasks command, CancellationToken cancel) =>
        await UnservedAsync(command, command.EnvType, cancel) ?? await sender.SendAsync(QueueNames.Entry(command.EnvType), command, cancel);

    /// <summary>A command for an instance goes to its owner; where none is known to live, to the shared entry of its environment.</summary>
    /// <returns>The reply, or null where none came in time.</returns>
    public async Task<CommandReply?> SendAsync<TCommand>(TCommand command, CancellationToken cancel)
        where TCommand : class, IInstanceCommand
    {
        var owner = owners.Find(command.Caller, command.InstanceId);
        if (owner is not null && await fleet.IsLivingAsync(owner, cancel))
        {
            return Learn(command, await sender.SendAsync(QueueNames.Worker(owner), command, cancel));
        }

        var row = await instances.FindNewestAsync(command.Caller, command.InstanceId, cancel);
        if (row is null) return Refused(command, CommandReason.UnknownInstance, InstanceWords.Unknown(command.InstanceId));
        if (row.EndedAt is not null) return Refused(command, InstanceWords.Reason(row), InstanceWords.Ended(row));
        if (row.Owner is { } recorded && await fleet.IsLivingAsync(recorded, cancel))
        {
            return Learn(command, await sender.SendAsync(QueueNames.Worker(recorded), command, cancel));
        }

        return await UnservedAsync(command, row.EnvType, cancel)
            ?? Learn(command, await sender.SendAsync(QueueNames.Entry(row.EnvType), command, cancel));
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
