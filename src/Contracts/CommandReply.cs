using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>How one command ended, for the sender that waits for it.</summary>
[MemoryPackable(GenerateType.VersionTolerant)]
public sealed partial record CommandReply
{
    /// <summary>The command's id.</summary>
    [MemoryPackOrder(0)]
    public required string CommandId { get; init; }

    /// <summary>The command's tenant: ids are unique per tenant only.</summary>
    [MemoryPackOrder(1)]
    public required string Tenant { get; init; }

    /// <summary>How it ended.</summary>
    [MemoryPackOrder(2)]
    public required CommandEnd End { get; init; }

    /// <summary>Why it did not complete; <see cref="CommandReason.None"/> where it did.</summary>
    [MemoryPackOrder(3)]
    public CommandReason Reason { get; init; }

    /// <summary>The answer as JSON, the exact bytes that the journal stores; empty where there is none.</summary>
    [MemoryPackOrder(4)]
    public byte[] Answer { get; init; } = [];

    /// <summary>
    /// The answer is larger than a message may be, and was left out. The journal has it where the command is of a kind that is journaled.
    /// </summary>
    [MemoryPackOrder(5)]
    public bool AnswerIsTooLarge { get; init; }

    /// <summary>One line for people: what was wrong, where, what to do. Null where the command completed.</summary>
    [MemoryPackOrder(6)]
    public string? Detail { get; init; }

    /// <summary>Who caused a failure; null where there was none.</summary>
    [MemoryPackOrder(7)]
    public FailureCause? Cause { get; init; }

    /// <summary>The worker that owns the instance now; the next command goes there. Null where none does.</summary>
    [MemoryPackOrder(8)]
    public string? Owner { get; init; }

    /// <summary>The environment of the command's instance; null where no worker got as far as to know it.</summary>
    [MemoryPackOrder(9)]
    public string? Environment { get; init; }

    /// <summary>Where the time went.</summary>
    [MemoryPackOrder(10)]
    public CommandTiming Timing { get; init; } = new(0, 0, 0);

    /// <summary>The command was executed.</summary>
    /// <param name="command">The command.</param>
    /// <param name="answer">The answer as JSON.</param>
    /// <param name="environmentMs">Milliseconds in the environment.</param>
    /// <param name="journalMs">Milliseconds until the journal's commit.</param>
    public static CommandReply Completed(Command command, byte[] answer, double environmentMs = 0, double journalMs = 0) =>
        To(command, CommandEnd.Completed) with { Answer = answer, Timing = new CommandTiming(0, environmentMs, journalMs) };

    /// <summary>The command was refused before it took effect: the caller's mistake, or no capacity.</summary>
    public static CommandReply Rejected(Command command, CommandReason reason, string detail) =>
        To(command, CommandEnd.Rejected) with { Reason = reason, Detail = OneLine.OfAll(detail), Cause = FailureCause.Caller };

    /// <summary>The caller's time ran out before the command took effect.</summary>
    public static CommandReply Expired(Command command, string detail) =>
        To(command, CommandEnd.Expired) with { Reason = CommandReason.TimedOut, Detail = OneLine.OfAll(detail), Cause = FailureCause.Infrastructure };

    /// <summary>Its caller gave the command up before it took effect.</summary>
    public static CommandReply Cancelled(Command command, string detail) =>
        To(command, CommandEnd.Cancelled) with { Reason = CommandReason.CallerGone, Detail = OneLine.OfAll(detail), Cause = FailureCause.Caller };

    /// <summary>The command could not be executed. There is no reward.</summary>
    public static CommandReply Failed(Command command, string detail, CommandReason reason = CommandReason.EnvironmentFailed) =>
        To(command, CommandEnd.Failed) with { Reason = reason, Detail = OneLine.OfAll(detail), Cause = FailureCause.Infrastructure };

    /// <summary>Not an end of the command: its sender looks up the owner of the instance again.</summary>
    public static CommandReply OwnerChanged(InstanceCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return Failed(
            command,
            $"instance '{command.InstanceId}' changed its owner while the command looked for it; send the command again",
            CommandReason.OwnerChanged);
    }

    private static CommandReply To(Command command, CommandEnd end)
    {
        ArgumentNullException.ThrowIfNull(command);
        return new CommandReply { CommandId = command.CommandId, Tenant = command.Tenant, End = end };
    }
}
