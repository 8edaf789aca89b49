using System.Text;
using System.Text.Json;
using SandQueue.Environments.Json;

namespace SandQueue.Environments.Episodes;

/// <summary>
/// For environments where a turn is one tool call with one text argument: the first native call of a message is
/// carried out, the others are answered that they were not.
/// </summary>
internal static class FirstToolCall
{
    /// <summary>The argument of a call, or what is wrong with the call in one line for the agent.</summary>
    public static (string? Argument, string? Problem) Read(NativeToolCall call, string tool, string argument)
    {
        if (call.Name != tool) return (null, $"There is no tool {AgentText.Quoted(call.Name)}; the tool is {tool}.");

        try
        {
            // By way of bytes, because the parser throws on a text with lone surrogates.
            using var arguments = JsonDocument.Parse(Encoding.UTF8.GetBytes(call.Arguments));
            return arguments.RootElement.ValueKind == JsonValueKind.Object
                && arguments.RootElement.TryGetMember(argument, out var value)
                && value.ValueKind == JsonValueKind.String
                    ? (value.Text(), null)
                    : (null, $"The tool {tool} needs the argument \"{argument}\", a string.");
        }
        catch (JsonException)
        {
            return (null, $"The arguments of {tool} are not valid JSON: {AgentText.Quoted(call.Arguments)}.");
        }
    }

    /// <summary>One answer per call: the observation for the first, a refusal for the rest.</summary>
    public static IReadOnlyList<ToolMessage> Answers(IReadOnlyList<NativeToolCall> calls, string observation) =>
        [.. calls.Select((call, index) => new ToolMessage(call.Id, call.Name, index == 0 ? observation : "Not carried out: one call a turn."))];
}
