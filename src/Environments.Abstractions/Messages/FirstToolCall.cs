using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Environments.Abstractions.Messages;

/// <summary>
/// For environments where a turn is one tool call with one text argument: the first call of a message is carried out,
/// the others are answered that they were not.
/// </summary>
public static class FirstToolCall
{
    /// <summary>The argument of a call, or what is wrong with the call in one line for the agent.</summary>
    public static (string? Argument, string? Problem) Read(AgentCall call, string tool, string argument)
    {
        if (call.Name.Length > 0 && call.Name != tool) return (null, $"There is no tool {AgentText.Quoted(call.Name)}; the tool is {tool}.");
        if (call.Mistake is { } mistake) return (null, $"Your message cannot be read: {mistake}.");
        return call.Arguments.TryGetMember(argument, out var value) && value.ValueKind == JsonValueKind.String
            ? (value.Text(), null)
            : (null, $"The tool {tool} needs the argument \"{argument}\", a string.");
    }

    /// <summary>One answer per native call: the observation for the first, a refusal for the rest.</summary>
    public static IReadOnlyList<ToolMessage> Answers(IReadOnlyList<NativeToolCall> calls, string observation) =>
        [.. calls.Select((call, index) => new ToolMessage(call.Id, call.Name, index == 0 ? observation : "Not carried out: one call a turn."))];
}
