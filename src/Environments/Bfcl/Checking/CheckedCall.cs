using SandQueue.Environments.Abstractions.Messages;
using SandQueue.Environments.Bfcl.Prompts;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.Checking;

/// <summary>A call as the checker sees it: the data's own name of the function, and Python values.</summary>
internal sealed record CheckedCall(string Name, PyDict Arguments)
{
    public static CheckedCall Of(AgentCall call, ToolNames names) => new(names.Original(call.Name), (PyDict)PyJson.Read(call.Arguments));
}
