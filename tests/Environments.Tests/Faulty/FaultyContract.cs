using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Faulty;
using SandQueue.Environments.Tests.Episodes;

namespace SandQueue.Environments.Tests.Faulty;

/// <summary>What is harmless in it obeys the contract, so that a test's faults are only the ones it asked for.</summary>
public abstract class FaultyContract(string name) : EnvironmentContract
{
    protected override IEnvironment Served { get; } =
        FaultyEnvironment.All(null, () => throw new InvalidOperationException("crashed")).Single(environment => environment.Description.Name == name);

    protected override IEnumerable<string> TasksToPlay => ["plain"];

    protected override IEnumerable<AgentAction> ActionsOf(string taskId) =>
    [
        Say("echo hello"), Say("count"), Say("roll"), Say("reward -0.5"), Say("reward much"), Say("nul"), Say("surrogate"), Say("big 10KB"),
        Say("slow 1ms"), Say("hang 1ms"), Say("ignore-cancellation 1ms"), Say("eat 1KB"), Say(""), Say("jump"),
        new AgentAction("", [new NativeToolCall("x", "fault", """{"action":"roll"}"""), new NativeToolCall("y", "fault", "{")]),
        new AgentAction("", [new NativeToolCall("x", "fault", "{\ud800")]),
        Say("count"), Say("end done"),
    ];

    private static AgentAction Say(string content) => new(content, []);
}

public sealed class ReplayableFaultyContract() : FaultyContract("faulty");

public sealed class UnreplayableFaultyContract() : FaultyContract("faulty_unreplayable");

public sealed class EvaluateFaultyContract() : FaultyContract("faulty_evaluate");
