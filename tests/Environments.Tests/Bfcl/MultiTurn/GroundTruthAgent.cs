using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Python;
using SandQueue.Testing;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn;

/// <summary>An agent that knows the ground truth: the calls of a turn, then a message without calls.</summary>
internal static class GroundTruthAgent
{
    private static readonly Lazy<Dictionary<string, string[]>> Parameters = new(() => Directory
        .GetFiles(SharedFolder.Require("data/bfcl/multi_turn_func_doc"), "*.json")
        .SelectMany(File.ReadLines)
        .Select(line => JsonElement.Parse(line))
        .ToDictionary(
            function => function.GetProperty("name").GetString()!,
            function => function.GetProperty("parameters").GetProperty("properties").EnumerateObject().Select(property => property.Name).ToArray()));

    public static IEnumerable<AgentAction> Play(string id, bool native) => OfficialTasks.GroundTruth(id)
        .SelectMany(turn => turn.Count == 0 ? [Silence] : new[] { Message([.. turn.Select(Call)], native), Silence });

    private static AgentAction Silence => new("I have done what you asked.", []);

    private static AgentAction Message(IReadOnlyList<(string Name, string Arguments)> calls, bool native) => native
        ? new AgentAction("", [.. calls.Select((call, index) => new NativeToolCall($"call_{index}", call.Name, call.Arguments))])
        : new AgentAction(string.Join('\n', calls.Select(call => $"<tool_call>\n{{\"name\": \"{call.Name}\", \"arguments\": {call.Arguments}}}\n</tool_call>")), []);

    private static (string Name, string Arguments) Call(string written)
    {
        var call = PyCall.Parse(written);
        var arguments = new JsonObject();
        for (var i = 0; i < call.Positional.Count; i++) Add(Parameters.Value[call.Name][i], call.Positional[i]);
        foreach (var (name, value) in call.Named) Add(name, value);
        return (call.Name, arguments.ToJsonString());

        void Add(string name, PyValue value) => arguments[name] = JsonNode.Parse(PyJson.TryWrite(value)!);
    }
}
