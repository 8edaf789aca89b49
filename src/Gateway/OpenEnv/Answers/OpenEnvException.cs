using SandQueue.Gateway.Http;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.OpenEnv.Answers;

/// <summary>A request has no answer but an error. A failure has no reward, and never one of 0.</summary>
/// <param name="code">The protocol's code.</param>
/// <param name="detail">What was wrong, and what to do.</param>
/// <param name="outcome">How the command ended that it was; null where there was none.</param>
internal sealed class OpenEnvException(string code, string detail, CommandOutcome? outcome = null) : Exception(detail)
{
    public string Code => code;

    public CommandOutcome? Outcome => outcome;

    /// <summary>A command that has no answer.</summary>
    public static OpenEnvException Of(string code, CommandOutcome outcome) => new(
        code,
        outcome is CommandOutcome.Refusal refusal ? refusal.Detail : "no answer came in time, and whether it took effect is unknown; send the same again, and it gets the first one's answer if it did",
        outcome);

    /// <summary>Members of an error for programs, beside its message and code.</summary>
    public (string? Reason, string? Cause) Members => outcome switch
    {
        null => (null, null),
        CommandOutcome.Refusal refusal => (OutcomeNames.Reason(refusal.Reason), refusal is CommandOutcome.Rejected ? null : OutcomeNames.Cause(refusal)),
        _ => (ErrorCodes.UnknownEnd, "infrastructure"),
    };
}
