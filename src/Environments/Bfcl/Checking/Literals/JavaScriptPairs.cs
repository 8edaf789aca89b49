namespace SandQueue.Environments.Bfcl.Checking.Literals;

/// <summary>
/// The keys and values between an object's braces, cut as the benchmark's pattern
/// <c>([^:]+):\s*(.*?)(?:,\s*(?=[^,]+:)|$)</c> cuts them. Written by hand, because it looks ahead, which the engine of
/// linear time cannot. The text has no line break.
/// </summary>
internal static class JavaScriptPairs
{
    public static IEnumerable<(string Key, string Value)> In(string text)
    {
        var at = 0;
        while (true)
        {
            while (at < text.Length && text[at] == ':') at++;
            var colon = at < text.Length ? text.IndexOf(':', at) : -1;
            if (colon < 0) yield break;

            var start = Blanks.After(text, colon + 1);
            var (end, next) = End(text, start);
            yield return (text[at..colon], text[start..end]);
            at = next;
        }
    }

    // A value ends at the first comma that another key follows: some text, then a colon, before the next comma.
    private static (int End, int Next) End(string text, int start)
    {
        for (var comma = text.IndexOf(',', start); comma >= 0; comma = text.IndexOf(',', comma + 1))
        {
            var segmentEnd = text.IndexOf(',', comma + 1) is var following and >= 0 ? following : text.Length;
            var lastColon = text.LastIndexOf(':', segmentEnd - 1, segmentEnd - comma - 1);
            if (lastColon <= comma + 1) continue;

            // Blanks after the comma belong to it, but at least one character has to stay before the colon.
            return (comma, Math.Min(Blanks.After(text, comma + 1), lastColon - 1));
        }

        return (text.Length, text.Length);
    }
}
