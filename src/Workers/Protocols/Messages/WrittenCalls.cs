using System.Text;
using System.Text.Json;

namespace SandQueue.Workers.Protocols.Messages;

/// <summary>
/// Reads the <c>&lt;tool_call&gt;</c> blocks of a text. A block ends where its JSON does, so an argument may hold the closing
/// tag itself, and the tag after it may be missing. A tag that neither JSON nor a closing tag follows is prose.
/// </summary>
internal static class WrittenCalls
{
    private const string Open = "<tool_call>";
    private const string Close = "</tool_call>";

    /// <summary>So many are read and no more: a message has a few.</summary>
    private const int Most = 256;

    public static IReadOnlyList<AgentToolCall> Read(string text)
    {
        if (!text.Contains(Open, StringComparison.Ordinal)) return [];

        // As bytes from here on: where JSON ends, its reader says in bytes.
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        ReadOnlySpan<byte> open = Encoding.UTF8.GetBytes(Open);
        ReadOnlySpan<byte> close = Encoding.UTF8.GetBytes(Close);
        var calls = new List<AgentToolCall>();
        while (calls.Count < Most && rest.IndexOf(open) is var at and >= 0)
        {
            rest = rest[(at + open.Length)..];
            var inside = rest.TrimStart(" \t\r\n"u8);
            var isJson = inside.Length > 0 && inside[0] is (byte)'{' or (byte)'[';
            var length = isJson ? ReadJson(inside, calls) : 0;
            if (length > 0)
            {
                rest = inside[length..];
                continue;
            }

            // Looked for no further than the next tag: to the end of the text for each tag, many tags would cost their square.
            var next = rest.IndexOf(open);
            var end = (next < 0 ? rest : rest[..next]).IndexOf(close);
            var isClosed = end >= 0;
            if (isJson || isClosed) calls.Add(new AgentToolCall(AgentToolCall.MadeUpId(calls.Count), "", "") { Mistake = "The <tool_call> block does not hold JSON." });
            if (isClosed) rest = rest[(end + close.Length)..];
        }

        return calls;
    }

    /// <returns>Bytes of the JSON; 0 where there is none.</returns>
    private static int ReadJson(ReadOnlySpan<byte> text, List<AgentToolCall> calls)
    {
        // The calls' arguments may have 64 levels, in a call, in a list.
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 66, AllowMultipleValues = true });
        try
        {
            var block = JsonElement.ParseValue(ref reader);
            if (block.ValueKind == JsonValueKind.Object) calls.Add(NativeCalls.ReadOne(block, calls.Count));
            else foreach (var call in block.EnumerateArray()) calls.Add(NativeCalls.ReadOne(call, calls.Count));
            return (int)reader.BytesConsumed;
        }
        catch (JsonException)
        {
            return 0;
        }
    }
}
