using SandQueue.Contracts;

namespace SandQueue.Routing.Outcomes;

/// <summary>
/// How a command ended for its caller. These are all the outcomes there are: a door says what each of them is in its own protocol.
/// </summary>
public abstract record CommandOutcome
{
    private CommandOutcome()
    {
    }

    /// <summary>The environment of the command's instance; null where no worker got as far as to know it.</summary>
    internal string? Environment { get; init; }

    /// <summary>The command was executed, now or when it was sent first.</summary>
    /// <param name="Answer">The answer as JSON, the exact bytes that the journal stores.</param>
    /// <param name="Timing">Where the time went.</param>
    public sealed record Completed(byte[] Answer, CommandTiming Timing) : CommandOutcome;

    /// <summary>There is no answer; the reason is known.</summary>
    /// <param name="Reason">Why, for programs.</param>
    /// <param name="Detail">Why, one line for people: what was wrong, where, what to do.</param>
    public abstract record Refusal(CommandReason Reason, string Detail) : CommandOutcome;

    /// <summary>The command was refused before it took effect: the caller's mistake, or no capacity.</summary>
    public sealed record Rejected(CommandReason Reason, string Detail) : Refusal(Reason, Detail)
    {
        /// <summary>When another try may go better, where that is known and not soon.</summary>
        public TimeSpan? RetryAfter { get; init; }
    }

    /// <summary>The command could not be executed. A failure has no reward.</summary>
    /// <param name="Reason">Why, for programs.</param>
    /// <param name="Detail">Why, for people.</param>
    /// <param name="Cause">Who caused it.</param>
    public sealed record Failed(CommandReason Reason, string Detail, FailureCause Cause) : Refusal(Reason, Detail);

    /// <summary>The caller's time ran out. The command did not take effect and never will.</summary>
    public sealed record Expired(string Detail) : Refusal(CommandReason.TimedOut, Detail);

    /// <summary>Its caller gave the command up before it took effect. It never will.</summary>
    public sealed record Cancelled(string Detail) : Refusal(CommandReason.CallerGone, Detail);

    /// <summary>Whether the command took effect cannot be said now. Sent again under the same id, it gets its end.</summary>
    public sealed record Unknown : CommandOutcome;

    /// <param name="reply">The reply; null where none came in time and the journal could not be asked.</param>
    internal static CommandOutcome Of(CommandReply? reply) => reply switch
    {
        null => new Unknown(),
        { End: CommandEnd.Completed } => new Completed(reply.Answer, reply.Timing) { Environment = reply.Environment },
        { End: CommandEnd.Rejected } => new Rejected(reply.Reason, reply.Detail ?? "") { Environment = reply.Environment },
        { End: CommandEnd.Expired } => new Expired(reply.Detail ?? "") { Environment = reply.Environment },
        { End: CommandEnd.Cancelled } => new Cancelled(reply.Detail ?? "") { Environment = reply.Environment },
        _ => new Failed(reply.Reason, reply.Detail ?? "", reply.Cause ?? FailureCause.Infrastructure) { Environment = reply.Environment },
    };
}
