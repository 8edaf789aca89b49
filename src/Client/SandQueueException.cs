using SandQueue.Client.Commands;

namespace SandQueue.Client;

/// <summary>A command did not complete, or a list could not be read. It has no reward: a failure is never a reward of 0.</summary>
public sealed class SandQueueException : Exception
{
    internal SandQueueException(Refusal refusal, string? commandId, string? instanceId)
        : base($"{refusal.Code}: {refusal.Detail}")
    {
        (Code, CommandId, InstanceId, RetryAfter) = (refusal.Code, commandId, instanceId, refusal.RetryAfter);
        End = refusal.End switch
        {
            "rejected" => CommandEnd.Rejected,
            "expired" => CommandEnd.Expired,
            "cancelled" => CommandEnd.Cancelled,
            "failed" => CommandEnd.Failed,
            _ => CommandEnd.Unknown,
        };
        Cause = refusal.Cause switch
        {
            "agent" => FailureCause.Agent,
            "infrastructure" => FailureCause.Infrastructure,
            "caller" => FailureCause.Caller,

            // A command that was merely rejected says no cause: it was the caller's mistake, or there was no room for it.
            _ => Codes.AreSentAgain(refusal.Code) || Codes.AreUnknownEnds(refusal.Code) ? FailureCause.Infrastructure : FailureCause.Caller,
        };
    }

    /// <summary>Why, for programs: one of <see cref="ErrorCodes"/>, which stay what they are, or one that is newer than this package.</summary>
    public string Code { get; }

    /// <summary>How the command ended, and so whether it took effect.</summary>
    public CommandEnd End { get; }

    /// <summary>Whose doing it was.</summary>
    public FailureCause Cause { get; }

    /// <summary>The command's id; null for a list. After <see cref="CommandEnd.Unknown"/>, give it to the next call.</summary>
    public string? CommandId { get; }

    /// <summary>The instance that the command was for; null where there was none.</summary>
    public string? InstanceId { get; }

    /// <summary>
    /// Another try may succeed, later. Where <see cref="End"/> is <see cref="CommandEnd.Unknown"/> it has to have the same id (<see cref="CommandOptions.CommandId"/>), or the
    /// command may take effect twice; else it has to have none, for an end stays what it is.
    /// </summary>
    public bool IsRetryable => Codes.AreSentAgain(Code) || Code is Codes.TimedOut or Codes.EnvironmentFailed;

    /// <summary>When to come back, where SandQueue said so.</summary>
    public TimeSpan? RetryAfter { get; }
}
