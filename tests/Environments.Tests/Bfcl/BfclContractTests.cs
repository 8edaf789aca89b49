using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Bfcl;
using SandQueue.Environments.Tests.Episodes;

namespace SandQueue.Environments.Tests.Bfcl;

/// <summary>Binds the suite that every environment passes to the sample inside the program.</summary>
public sealed class BfclContractTests : EnvironmentContract
{
    private static readonly BfclEnvironment Sample = BfclEnvironment.Load(null);

    protected override IEnvironment Served => Sample;

    protected override IEnumerable<string> TasksToPlay => Sample.ListTasks("all");

    protected override IEnumerable<AgentAction> ActionsOf(string taskId) =>
    [
        new AgentAction("<tool_call>{\"name\": \"broken\", </tool_call>", []),
        new AgentAction("", [new NativeToolCall("call_a", "tank_volume", "{\"radius_cm\": 3"), new NativeToolCall("call_b", "", "{}")]),
        new AgentAction("", [new NativeToolCall("call_a", "tank_volume", "{\"radius_cm\": 30, \"height_cm\": 85}"), new NativeToolCall("call_b", "x", "{}")]),
        new AgentAction("after the end", []),
    ];
}
