using SandQueue.Contracts;

namespace SandQueue.Workers.Abstractions;

/// <summary>The environment refused a request and did nothing. The message, one line, goes to the caller.</summary>
internal sealed class EnvironmentRejectedException(string detail, CommandReason reason = CommandReason.InvalidRequest) : Exception(OneLine.Of(detail))
{
    /// <summary>Why, for programs.</summary>
    public CommandReason Reason => reason;
}
