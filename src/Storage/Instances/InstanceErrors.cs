using System.Globalization;
using SandQueue.Contracts;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Instances;

/// <summary>What answers say of instances that execute no commands here, and of ids that are in use.</summary>
public static class InstanceErrors
{
    public static string Unknown(string instanceId) => $"there is no instance '{instanceId}'; create it first";

    public static string UsedBefore(string commandId) => $"the command id '{commandId}' was used before for something else; send each command under an id of its own";

    /// <summary>Why, and when, an instance ended.</summary>
    public static string Ended(Instance row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Ended(row.InstanceId, row.EndDetail, row.EndedAt ?? 0);
    }

    /// <inheritdoc cref="Ended(Instance)" />
    public static string Ended(string instanceId, string? why, long at) =>
        $"instance '{instanceId}' {why ?? "ended"} at {DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}";

    /// <summary>Why a command does not reach the worker that owns its instance, and what helps.</summary>
    public static string OtherVersion(string instanceId, Worker owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return $"instance '{instanceId}' is owned by a living worker of version {owner.Version}, which speaks messages {owner.Contract}, not {QueueNames.ContractVersion}; "
            + "send the command again under the same id, through a gateway of that version or once that worker was drained or updated";
    }

    public static CommandReason Reason(Instance row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.State switch
        {
            InstanceState.Released => CommandReason.Released,
            InstanceState.Lost => CommandReason.Lost,
            InstanceState.Diverged => CommandReason.Diverged,
            _ => CommandReason.UnknownInstance,
        };
    }
}
