using SandQueue.Environments.Episodes;

namespace SandQueue.Environments.Bfcl.Calls;

/// <summary>Finds the function calls of an assistant message, in order, broken ones included.</summary>
internal static class AgentCalls
{
    public static IReadOnlyList<AgentCall> Read(AgentAction action)
    {
        // Servers that parse calls often leave the text they parsed in the message: counting both would double every call.
        if (action.ToolCalls.Count > 0) return [.. action.ToolCalls.Select(call => CallReader.Native(call))];

        var calls = new List<AgentCall>();
        foreach (var block in ToolCallBlocks.In(action.Content)) CallReader.Block(block, calls);
        return calls;
    }
}
