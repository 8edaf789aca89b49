using SandQueue.Contracts;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>The replies that commands end with.</summary>
internal static class Reply
{
    public static CommandReply Completed(ICommand command, byte[] answer, double environmentMs = 0, double journalMs = 0) => new()
    {
        CommandId = command.CommandId,
        Caller = command.Caller,
        End = CommandEnd.Completed,
        Answer = answer,
        Timing = new CommandTiming(0, environmentMs, journalMs),
    };

    public static CommandReply Rejected(ICommand command, CommandReason reason, string detail) =>
        Ended(command, CommandEnd.Rejected, reason, detail, FailureCause.Caller);

    public static CommandReply Expired(ICommand command, string detail) =>
        Ended(command, CommandEnd.Expired, CommandReason.TimedOut, detail, FailureCause.Infrastructure);

    public static CommandReply Failed(ICommand command, string detail, CommandReason reason = CommandReason.EnvironmentFailed) =>
        Ended(command, CommandEnd.Failed, reason, detail, FailureCause.Infrastructure);

    private static CommandReply Ended(ICommand command, CommandEnd end, CommandReason reason, string detail, FailureCause cause) => new()
    {
        CommandId = command.CommandId,
        Caller = command.Caller,
        End = end,
        Reason = reason,
        Detail = detail,
        Cause = cause,
    };
}
