using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Countdown;
using SandQueue.Environments.Tests.Episodes;

namespace SandQueue.Environments.Tests.Countdown;

public sealed class CountdownContract : EnvironmentContract
{
    protected override IEnvironment Served { get; } = new CountdownEnvironment();

    protected override IEnumerable<string> TasksToPlay => ["3-17", "4-17", "4-1000000", "5-2000000", "6-999999999999999999", "20-17"];

    protected override IEnumerable<AgentAction> ActionsOf(string taskId)
    {
        yield return Player.Say("");
        yield return Player.Say("<answer>1 +</answer>");
        yield return new AgentAction("", [new NativeToolCall("x", "solve", "{"), new NativeToolCall("y", "answer", "{\ud800")]);
        using var instance = Player.Create(taskId);
        yield return taskId[0] is '3' or '4' ? Player.Call(Player.Solve(instance)) : Player.Call("1 + 2");
    }
}
