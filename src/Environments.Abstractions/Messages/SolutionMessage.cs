using System.Globalization;
using System.Text.Json.Nodes;

namespace SandQueue.Environments.Abstractions.Messages;

/// <summary>Writes the assistant's messages of a solution, in OpenAI's form, as <see cref="ActionReader"/> reads them.</summary>
public static class SolutionMessage
{
    /// <summary>A message that calls nothing.</summary>
    /// <param name="text">What it says.</param>
    public static JsonObject Talk(string text) => new() { ["role"] = "assistant", ["content"] = text };

    /// <summary>A message with one native tool call.</summary>
    /// <param name="name">The function.</param>
    /// <param name="arguments">Its arguments, an object.</param>
    public static JsonObject Call(string name, JsonObject arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return Calls([(name, arguments.ToJsonString())]);
    }

    /// <summary>A message with native tool calls, in their order.</summary>
    /// <param name="calls">For each the function and its arguments, the JSON text of an object.</param>
    public static JsonObject Calls(IEnumerable<(string Name, string Arguments)> calls) => new()
    {
        ["role"] = "assistant",
        ["content"] = "",
        ["tool_calls"] = new JsonArray([.. calls.Select((call, index) => (JsonNode)new JsonObject
        {
            ["id"] = string.Create(CultureInfo.InvariantCulture, $"call_{index}"),
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments },
        })]),
    };
}
