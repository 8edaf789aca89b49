using ModelContextProtocol.Protocol;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Mcp.Results;

namespace SandQueue.Gateway.Mcp.Calls;

/// <summary>What a call gave.</summary>
/// <param name="Result">For the client.</param>
/// <param name="ChangesTools">Whether other tools may be called from now on.</param>
/// <param name="Problem">Why it failed; null where it did not.</param>
internal sealed record CallResult(CallToolResult Result, bool ChangesTools = false, CommandProblem? Problem = null)
{
    /// <summary>Whether it was for an instance that is none any more.</summary>
    public bool IsOfNone => Problem?.Refusal is { Reason: CommandReason.UnknownInstance or CommandReason.Released or CommandReason.Lost or CommandReason.Diverged };

    public static CallResult Failed(string? instance, string commandId, CommandProblem problem) => new(ToolResults.Failure(instance, commandId, problem), Problem: problem);
}
