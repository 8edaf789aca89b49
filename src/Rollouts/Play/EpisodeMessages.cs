using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.Environments.Abstractions.Messages;

namespace SandQueue.Rollouts.Play;

/// <summary>What was said in an episode, as a policy sees it: messages are only ever added.</summary>
/// <param name="areKept">Whether the policy reads them; a long episode takes no memory for one that does not.</param>
internal sealed class EpisodeMessages(bool areKept)
{
    private readonly List<JsonElement> _messages = [];

    public IReadOnlyList<JsonElement> Messages => _messages;

    public IReadOnlyList<JsonElement> Tools { get; private set; } = [];

    /// <summary>The answers to the native calls of the last action.</summary>
    public IReadOnlyList<JsonElement> ToolMessages { get; private set; } = [];

    /// <summary>Bytes of all messages.</summary>
    public long Bytes { get; private set; }

    public void Open(EpisodeAnswer answer)
    {
        Tools = answer.Tools ?? [];
        Add(answer.Messages);
    }

    /// <summary>
    /// Adds an action and what the environment answered. Where the action called tools natively, the answer is one message for each call, as chat endpoints
    /// want it, in place of the text that says the same; a call that the environment left unanswered gets that text.
    /// </summary>
    public void Step(byte[] action, EpisodeAnswer answer)
    {
        if (answer.Tools is { } changed) Tools = changed;
        if (!areKept) return;
        var said = ReadableJson.Element(action);
        Add([said]);
        ToolMessages = Answers(said, answer);
        Add(ToolMessages.Count > 0 ? ToolMessages : answer.Messages);
    }

    private static List<JsonElement> Answers(JsonElement said, EpisodeAnswer answer) =>
        [.. ActionReader.Read(said).ToolCalls.Select(call => answer.ToolMessages.Select(Id).ToList().IndexOf(call.Id) is >= 0 and var at ? answer.ToolMessages[at] : Unanswered(call.Id, answer))];

    private static string? Id(JsonElement message) => message.TryGetProperty("tool_call_id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;

    private static JsonElement Unanswered(string id, EpisodeAnswer answer)
    {
        var text = string.Join('\n', answer.Messages.Select(message => message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String ? content.GetString() : ""));
        return JsonSerializer.SerializeToElement(new JsonObject { ["role"] = "tool", ["tool_call_id"] = id, ["content"] = text });
    }

    private void Add(IReadOnlyList<JsonElement> messages)
    {
        if (!areKept) return;
        foreach (var message in messages)
        {
            _messages.Add(message);
            Bytes += JsonMarshal.GetRawUtf8Value(message).Length;
        }
    }
}
