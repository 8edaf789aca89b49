namespace SandQueue.Contracts;

/// <summary>How one command ended, for the sender that waits for it.</summary>
public sealed record CommandReply
{
    /// <summary>The command's id.</summary>
    public required string CommandId { get; init; }

    /// <summary>The command's caller: ids are unique per caller only.</summary>
    public required string Tenant { get; init; }

    /// <summary>How it ended.</summary>
    public required CommandEnd End { get; init; }

    /// <summary>Why it did not complete; <see cref="CommandReason.None"/> where it did.</summary>
    public CommandReason Reason { get; init; }

    /// <summary>The answer as JSON, the exact bytes that the journal holds; empty where there is none.</summary>
    public byte[] Answer { get; init; } = [];

    /// <summary>One line for people: what was wrong, where, what to do. Null where the command completed.</summary>
    public string? Detail { get; init; }

    /// <summary>Who caused a failure; null where there was none.</summary>
    public FailureCause? Cause { get; init; }

    /// <summary>The worker that owns the instance now; the next command goes there. Null where none does.</summary>
    public string? Owner { get; init; }

    /// <summary>Where the time went.</summary>
    public CommandTiming Timing { get; init; } = new(0, 0, 0);
}
