using SandQueue.Contracts;
using SandQueue.Rollouts.Results;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Rollouts.Play;

/// <summary>The end of a rollout whose command did not complete.</summary>
internal static class OutcomeEnds
{
    /// <summary>Of a Create: nothing was played.</summary>
    public static RolloutResult OfCreate(RolloutFacts facts, CommandOutcome outcome, bool isTimeOver) => outcome switch
    {
        CommandOutcome.Rejected { Reason: CommandReason.NoCapacity or CommandReason.OverLimit } full => isTimeOver
            ? Expired(facts, full.Detail)
            : Rejected(facts, RolloutCause.Infrastructure, full.Detail, isRetryable: true),
        CommandOutcome.Rejected refused => Rejected(facts, RolloutCause.Caller, refused.Detail, isRetryable: false),
        _ => Of(facts, outcome, isTimeOver),
    };

    /// <summary>Of a command of an instance that was made.</summary>
    public static RolloutResult Of(RolloutFacts facts, CommandOutcome outcome, bool isTimeOver) => outcome switch
    {
        CommandOutcome.Failed failed => Failed(facts, Cause(failed), failed.Detail),
        _ when isTimeOver => Expired(facts, (outcome as CommandOutcome.Refusal)?.Detail ?? "its time was over before an answer came"),
        CommandOutcome.Rejected { Reason: CommandReason.Diverged } diverged => Failed(facts, RolloutCause.Environment, diverged.Detail),
        CommandOutcome.Rejected { Reason: CommandReason.EpisodeOver or CommandReason.Conflict } taken => Failed(
            facts, RolloutCause.Caller, $"another caller used the instance of this rollout: {taken.Detail}"),
        CommandOutcome.Refusal refusal => Failed(facts, RolloutCause.Infrastructure, refusal.Detail),
        _ => Failed(facts, RolloutCause.Infrastructure, "whether a command took effect could not be found out in time"),
    };

    /// <summary>Of an action that its environment does not take as one.</summary>
    public static RolloutResult OfRefusedAction(RolloutFacts facts, string detail, bool isRetryable) =>
        Failed(facts, RolloutCause.Policy, $"the environment did not take the policy's action: {detail}") with { IsRetryable = isRetryable };

    public static RolloutResult Failed(RolloutFacts facts, RolloutCause cause, string detail) =>
        facts.Result(CommandEnd.Failed) with { Cause = cause, Detail = OneLine.Of(detail), IsRetryable = true };

    public static RolloutResult Rejected(RolloutFacts facts, RolloutCause cause, string detail, bool isRetryable) =>
        facts.Result(CommandEnd.Rejected) with { Cause = cause, Detail = OneLine.Of(detail), IsRetryable = isRetryable };

    public static RolloutResult Cancelled(RolloutFacts facts) =>
        facts.Result(CommandEnd.Cancelled) with { Cause = RolloutCause.Cancelled, Detail = "it was cancelled", IsRetryable = true };

    /// <summary>One that never began was held up by the farm; one that began was given too little time.</summary>
    public static RolloutResult Expired(RolloutFacts facts, string detail) => facts.Result(CommandEnd.Expired) with
    {
        Cause = facts.IsCreated ? RolloutCause.Caller : RolloutCause.Infrastructure,
        Detail = OneLine.Of(detail),
        IsRetryable = true,
    };

    private static RolloutCause Cause(CommandOutcome.Failed failed) => failed.Reason switch
    {
        CommandReason.EnvironmentFailed or CommandReason.Diverged => RolloutCause.Environment,
        _ => RolloutCause.Infrastructure,
    };
}
