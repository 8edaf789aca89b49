using System.Text.Json;

namespace SandQueue.Gateway.Tools;

/// <summary>Something that an agent may call.</summary>
/// <param name="Name">Its name, as the agent writes it.</param>
/// <param name="Description">What it does; empty where the environment does not say.</param>
/// <param name="Parameters">What it takes: a JSON Schema of an object.</param>
internal sealed record OfferedTool(string Name, string Description, JsonElement Parameters)
{
    /// <summary>
    /// The doors' own tool, beside those of the environment: its call is a plain message. Environments without tools take nothing else, and in others
    /// a message without calls has a meaning too: in BFCL it ends the turn, or says that no function fits.
    /// </summary>
    public static OfferedTool SendMessage { get; } = new(
        "send_message",
        "Sends a plain message to the environment, without a tool call: an action in the form that its first messages ask for, or what you have to say.",
        JsonElement.Parse("""{"type":"object","properties":{"content":{"type":"string","description":"The text of the message."}},"required":["content"],"additionalProperties":false}"""));
}
