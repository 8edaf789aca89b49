using System.Runtime.InteropServices;
using System.Text.Json;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Rollouts.Episodes;

/// <summary>What was said in an episode, message by message, as the environment and the agent wrote it, each on one line.</summary>
internal sealed class Conversation
{
    private Conversation(List<Said> messages, byte[] tools) => (Messages, Tools) = (messages, tools);

    /// <summary>All messages in order: those of the opening, then actions and what answered them.</summary>
    public IReadOnlyList<Said> Messages { get; }

    /// <summary>The tools that the Create offered, a JSON array.</summary>
    public byte[] Tools { get; }

    /// <summary>
    /// Reads an episode. Where an action called tools natively and the environment answered them one by one, these answers stand in place of the observation,
    /// which says the same: chat endpoints want one message for each call.
    /// </summary>
    public static Conversation Of(IReadOnlyList<JournalEntry> entries)
    {
        var (messages, tools) = (new List<Said>(), "[]"u8.ToArray());
        foreach (var entry in entries)
        {
            if (entry.Kind is not (JournalKind.Create or JournalKind.Step) || entry.Answer.Length == 0) continue;
            if (entry.Kind == JournalKind.Step) messages.Add(new Said(OnOneLine(entry.Action), IsSampled: true));
            using var answer = JsonDocument.Parse(entry.Answer);
            var info = answer.RootElement.TryGetProperty("info", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
            if (entry.Kind == JournalKind.Create && Member(info, "tools") is { } offered) tools = Raw(offered);
            var said = entry.Kind == JournalKind.Step && Member(info, "tool_messages") is { } answers && answers.GetArrayLength() > 0
                ? answers
                : answer.RootElement.GetProperty("state");
            messages.AddRange(said.EnumerateArray().Select(message => new Said(Raw(message), IsSampled: false)));
        }

        return new Conversation(messages, tools);
    }

    /// <summary>JSON has line breaks only between its values.</summary>
    public static byte[] OnOneLine(ReadOnlySpan<byte> json)
    {
        var line = json.ToArray();
        line.AsSpan().ReplaceAny(System.Buffers.SearchValues.Create("\r\n"u8), (byte)' ');
        return line;
    }

    private static byte[] Raw(JsonElement element) => OnOneLine(JsonMarshal.GetRawUtf8Value(element));

    private static JsonElement? Member(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value : null;

    /// <summary>One message.</summary>
    /// <param name="Json">A JSON object on one line.</param>
    /// <param name="IsSampled">Whether the agent said it.</param>
    internal readonly record struct Said(byte[] Json, bool IsSampled);
}
