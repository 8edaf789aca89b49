using System.Text;
using System.Text.Json;

namespace SandQueue.Environments.Bfcl.Calls;

/// <summary>
/// Cuts an assistant's text into the contents of its <c>&lt;tool_call&gt;</c> blocks. What stands inside
/// <c>&lt;think&gt;</c> is thought, not done: examples of calls in there are skipped, an unclosed thought runs to the
/// end, and, since many chat templates open the thought before the model writes, so is everything before a
/// <c>&lt;/think&gt;</c> that nothing opened.
/// </summary>
internal static class ToolCallBlocks
{
    private const string Open = "<tool_call>";
    private const string Close = "</tool_call>";
    private const string ThinkOpen = "<think>";
    private const string ThinkClose = "</think>";

    public static IEnumerable<string> In(string text)
    {
        var at = AfterThoughtOpenedBefore(text);
        while (true)
        {
            var call = text.IndexOf(Open, at, StringComparison.Ordinal);
            if (call < 0) yield break;

            var think = text.IndexOf(ThinkOpen, at, call - at, StringComparison.Ordinal);
            if (think >= 0)
            {
                var end = text.IndexOf(ThinkClose, think, StringComparison.Ordinal);
                if (end < 0) yield break;
                at = end + ThinkClose.Length;
                continue;
            }

            var start = call + Open.Length;
            var stop = End(text, start);
            yield return text[start..stop];
            at = Math.Min(text.Length, stop + Close.Length);
        }
    }

    private static int AfterThoughtOpenedBefore(string text)
    {
        var close = text.IndexOf(ThinkClose, StringComparison.Ordinal);
        return close >= 0 && text.IndexOf(ThinkOpen, 0, close, StringComparison.Ordinal) < 0 ? close + ThinkClose.Length : 0;
    }

    // An argument may hold the closing tag itself, so a block ends at the first tag after which its content is JSON.
    // The last tag may be missing: servers cut a message at the stop word.
    private static int End(string text, int start)
    {
        var first = text.IndexOf(Close, start, StringComparison.Ordinal);
        if (first < 0) return text.Length;

        for (int close = first, tries = 0; close >= 0 && tries < 8; close = text.IndexOf(Close, close + 1, StringComparison.Ordinal), tries++)
        {
            if (IsJson(text.AsSpan(start, close - start))) return close;
            if (text.AsSpan(start, close - start).Contains(Open, StringComparison.Ordinal)) break;
        }

        return first;
    }

    private static bool IsJson(ReadOnlySpan<char> content)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(content.Length)];
        var reader = new Utf8JsonReader(bytes.AsSpan(0, Encoding.UTF8.GetBytes(content, bytes)));
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
