using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Bfcl;
using SandQueue.Environments.Tests.Episodes;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn;

/// <summary>Binds the suite that every environment passes to the multi-turn tasks of the sample.</summary>
public sealed class MultiTurnContractTests : EnvironmentContract
{
    private static readonly BfclEnvironment Sample = BfclEnvironment.Load(null);

    protected override IEnvironment Served => Sample;

    protected override IEnumerable<string> TasksToPlay => Sample.ListTasks("multi_turn");

    protected override IEnumerable<AgentAction> ActionsOf(string taskId) =>
    [
        new AgentAction("", [new NativeToolCall("a", "ls", "{\"a\": true}"), new NativeToolCall("b", "nothing_like_it", "{}"), new NativeToolCall("c", "cd", "{\"folder\": [1]}")]),
        new AgentAction("<tool_call>{\"name\": \"create_ticket\", \"arguments\": {\"title\": \"\\ud800 é (x)\", \"priority\": true}}</tool_call>", []),
        new AgentAction("<tool_call>{\"name\": \"broken\", </tool_call>", []),
        new AgentAction("", [new NativeToolCall("d", "ls", "{}"), new NativeToolCall("e", "ls", "{broken")]),
        new AgentAction("That is all.", []),
        new AgentAction("<tool_call>{\"name\": \"mv\", \"arguments\": {\"source\": \"old\", \"destination\": \"older\"}}</tool_call>", []),
        new AgentAction("", []),
        new AgentAction("", []),
        new AgentAction("", []),
        new AgentAction("after the end", [new NativeToolCall("f", "ls", "{}")]),
    ];
}
