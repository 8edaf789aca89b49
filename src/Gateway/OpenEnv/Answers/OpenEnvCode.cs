using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.OpenEnv.Answers;

/// <summary>The protocol's codes of errors. After the last there is no episode, until the next reset; the others leave it as it is, unless it had to make room for a reset that failed.</summary>
internal static class OpenEnvCode
{
    public const string InvalidJson = "INVALID_JSON";
    public const string UnknownType = "UNKNOWN_TYPE";
    public const string Validation = "VALIDATION_ERROR";
    public const string Execution = "EXECUTION_ERROR";
    public const string Capacity = "CAPACITY_REACHED";
    public const string Factory = "FACTORY_ERROR";
    public const string Session = "SESSION_ERROR";

    /// <summary>Why no instance was made.</summary>
    public static string OfCreate(CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Rejected { Reason: CommandReason.NoCapacity or CommandReason.OverLimit } => Capacity,
        CommandOutcome.Rejected { Reason: CommandReason.InvalidRequest or CommandReason.Conflict or CommandReason.RecordedMiss } => Validation,
        CommandOutcome.Rejected { Reason: CommandReason.Released } => Session,
        _ => Factory,
    };

    /// <summary>Why a step or an evaluation has no answer.</summary>
    public static string OfStep(CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Rejected { Reason: CommandReason.InvalidRequest or CommandReason.Conflict or CommandReason.RecordedMiss } => Validation,
        CommandOutcome.Refusal { Reason: CommandReason.UnknownInstance or CommandReason.Released or CommandReason.Lost or CommandReason.Diverged } => Session,
        _ => Execution,
    };
}
