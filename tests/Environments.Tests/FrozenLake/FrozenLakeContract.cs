using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.FrozenLake;
using SandQueue.Environments.Tests.Episodes;

namespace SandQueue.Environments.Tests.FrozenLake;

public sealed class FrozenLakeContract : EnvironmentContract
{
    protected override IEnvironment Served { get; } = new FrozenLakeEnvironment();

    protected override IEnumerable<string> TasksToPlay => ["2x2-0", "4x4-17", "4x4-slippery-17", "8x8-1000000", "8x8-slippery-2000000", "16x16-999999999999999999"];

    protected override IEnumerable<AgentAction> ActionsOf(string taskId)
    {
        yield return Walker.Say("");
        yield return Walker.Say("<action>jump</action>");
        yield return new AgentAction("", [new NativeToolCall("x", "walk", "{"), new NativeToolCall("y", "move", "{}")]);
        yield return new AgentAction("up", [new NativeToolCall("x", "move", "{\ud800")]);
        yield return Walker.Call("left", "right");
        using var instance = Walker.Create(taskId);
        foreach (var word in Walker.ShortestWay(Walker.Map(instance))!) yield return Walker.Say($"<action>{word}</action>");
        for (var i = 0; i < 20; i++) yield return Walker.Call(i % 3 == 0 ? "down" : "right");
    }
}
