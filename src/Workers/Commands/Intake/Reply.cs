using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>The replies that commands end with.</summary>
internal static class Reply
{
    public static CommandReply Completed(ICommand command, byte[] answer, double environmentMs = 0, double journalMs = 0) => new()
    {
        CommandId = command.CommandId,
        Tenant = command.Tenant,
        End = CommandEnd.Completed,
        Answer = answer,
        Timing = new CommandTiming(0, environmentMs, journalMs),
    };

    /// <summary>The end that the journal holds.</summary>
    public static CommandReply Recorded(ICommand command, JournalEntry entry) => new()
    {
        CommandId = command.CommandId,
        Tenant = command.Tenant,
        End = entry.End,
        Reason = entry.Reason,
        Cause = entry.Cause,
        Detail = entry.Detail,
        Answer = entry.Answer,
    };

    public static CommandReply Rejected(ICommand command, CommandReason reason, string detail) =>
        Ended(command, CommandEnd.Rejected, reason, detail, FailureCause.Caller);

    public static CommandReply Expired(ICommand command, string detail) =>
        Ended(command, CommandEnd.Expired, CommandReason.TimedOut, detail, FailureCause.Infrastructure);

    /// <summary>No end: its sender looks for the owner again.</summary>
    public static CommandReply OwnerChanged(IInstanceCommand command) =>
        Failed(command, $"instance '{command.InstanceId}' changed its owner while the command looked for it; send the command again", CommandReason.OwnerChanged);

    /// <summary>No end: the same command takes effect once it reaches the worker that owns its instance, or that has left.</summary>
    public static CommandReply OtherVersion(IInstanceCommand command, Worker owner) =>
        Failed(command, InstanceErrors.OtherVersion(command.InstanceId, owner), CommandReason.OtherVersion);

    public static CommandReply Failed(ICommand command, string detail, CommandReason reason = CommandReason.EnvironmentFailed) =>
        Ended(command, CommandEnd.Failed, reason, detail, FailureCause.Infrastructure);

    private static CommandReply Ended(ICommand command, CommandEnd end, CommandReason reason, string detail, FailureCause cause) => new()
    {
        CommandId = command.CommandId,
        Tenant = command.Tenant,
        End = end,
        Reason = reason,
        Detail = detail,
        Cause = cause,
    };
}
