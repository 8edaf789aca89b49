using ModelContextProtocol.Protocol;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Mcp.Results;

namespace SandQueue.Gateway.Mcp.Calls;

/// <summary>What a call gave.</summary>
/// <param name="Result">For the client.</param>
/// <param name="ChangesTools">Whether other tools may be called from now on.</param>
/// <param name="Problem">Why it failed; null where it did not.</param>
internal sealed record CallResult(CallToolResult Result, bool ChangesTools = false, CommandProblem? Problem = null)
{
    public static CallResult Failed(string? instance, string commandId, CommandProblem problem, bool changesTools = false) =>
        new(ToolResults.Failure(instance, commandId, problem), changesTools, problem);
}
