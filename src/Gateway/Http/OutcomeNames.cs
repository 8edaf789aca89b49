using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Http;

/// <summary>What answers call the end of a command, at every door alike.</summary>
internal static class OutcomeNames
{
    public static string End(CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Completed => "completed",
        CommandOutcome.Rejected => "rejected",
        CommandOutcome.Expired => "expired",
        CommandOutcome.Cancelled => "cancelled",
        CommandOutcome.Failed => "failed",
        _ => "unknown",
    };

    /// <summary>Whose doing it was, for who drops episodes from a training by it.</summary>
    public static string Cause(CommandOutcome.Refusal refusal) => Name(refusal switch
    {
        CommandOutcome.Failed failed => failed.Cause,
        CommandOutcome.Cancelled => FailureCause.Caller,
        _ => FailureCause.Infrastructure,
    });

    /// <summary>A reason for programs, as <c>unknown_instance</c>.</summary>
    public static string Reason(CommandReason reason) => Name(reason);

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
