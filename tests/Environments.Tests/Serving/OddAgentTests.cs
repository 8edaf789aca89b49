using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Serving;

namespace SandQueue.Environments.Tests.Serving;

/// <summary>Whatever an agent writes, every environment answers with an observation.</summary>
public sealed class OddAgentTests
{
    /// <summary>What stands where a tool's arguments should be, or inside of the tags that environments read.</summary>
    private static readonly string[] Odd =
    [
        "", " ", "null", "[]", "{", "}{", "3", "\"", "{\"\\ud800abcdefghijklmnopqrstuvwxyz\":1}", "{\"\\udfff\":{\"\\ud800abcdefghijklmnopqrstuvwxyz\":[]}}",
        "{\"name\":\"\\ud800\",\"arguments\":{\"\\ud800abcdefghijklmnopqrstuvwxyz\":1}}", "{\"action\":\"\\ud800\",\"keywords\":\"\\ud800\",\"element\":\"\\udc00\"}",
        "\ud800", "{\"a\":\"\ud800\"}", "\0", new string('{', 5000), new string('9', 5000), "{\"a\":1e999}",
    ];

    public static TheoryData<string> Environments => [.. BuiltInEnvironments.Names.Where(name => !name.StartsWith("faulty", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Environments))]
    public void It_is_answered_and_not_an_exception(string name)
    {
        var environment = BuiltInEnvironments.Load([name])[name];
        foreach (var task in environment.ListTasks("train").Take(3))
        {
            foreach (var odd in Odd)
            {
                using var instance = environment.Create(task, EpisodeParameters.None);
                using var tools = JsonDocument.Parse(instance.Opening.Tools);
                var known = tools.RootElement.EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()!).FirstOrDefault("none");
                NativeToolCall[] calls = [new("a", known, odd), new("b", odd, "{}"), new("c", known, "{}")];

                foreach (var action in (AgentAction[])[new(odd, []), new($"<tool_call>{odd}</tool_call>", []), new($"<action>{odd}</action><answer>{odd}", []), new("", calls)])
                {
                    var result = instance.Step(action, TestContext.Current.CancellationToken);
                    result.Observation.ShouldNotBeNull();
                    result.ToolMessages.Select(message => message.ToolCallId).ShouldBe(action.ToolCalls.Select(call => call.Id));
                    if (result.IsTerminated) break;
                }

                instance.Evaluate(default).Score.ShouldBeInRange(double.MinValue, double.MaxValue);
            }
        }
    }
}
