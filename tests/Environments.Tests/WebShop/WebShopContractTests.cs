using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Tests.Episodes;
using SandQueue.Environments.WebShop;

namespace SandQueue.Environments.Tests.WebShop;

/// <summary>What every environment owes, on the catalogue that is part of the program.</summary>
public sealed class WebShopContractTests : EnvironmentContract
{
    internal static readonly WebShopEnvironment Sample = WebShopEnvironment.Load(null);

    protected override IEnvironment Served => Sample;

    protected override IEnumerable<string> TasksToPlay => ["0", "7", "134"];

    protected override IEnumerable<AgentAction> ActionsOf(string taskId)
    {
        yield return Say("nothing to do here");
        yield return Say("search[\ud800]");
        yield return Call(("search", """{"keywords":"jacket with hood"}"""), ("click", """{"element":"SQ00000010"}"""));
        yield return Call(("click", "{"), ("click", """{"element":7}"""), ("fly", "{}"), ("click", """{"element":"no such thing"}"""));
        yield return Say("Too dear? click[features]");
        yield return Say("click[< Prev]");
        yield return Say("click[Navy]");
        yield return Call(("click", """{"element":"Buy Now"}"""), ("search", """{"keywords":"more"}"""));
    }

    private static AgentAction Say(string text) => new(text, []);

    private static AgentAction Call(params (string Name, string Arguments)[] calls) =>
        new("", [.. calls.Select((call, i) => new NativeToolCall($"call_{i}", call.Name, call.Arguments))]);
}
