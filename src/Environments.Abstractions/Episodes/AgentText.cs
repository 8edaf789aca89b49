namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>Reads what agents write between tags, and quotes it in answers. Any text will do, megabytes of it and lone surrogates included.</summary>
public static class AgentText
{
    private const int Longest = 60;

    /// <summary>What stands in the last complete <c>&lt;tag&gt;…&lt;/tag&gt;</c>, or null where there is none. Letter case does not matter.</summary>
    public static string? LastTagged(string text, string tag)
    {
        var (opening, closing) = ($"<{tag}>", $"</{tag}>");
        var lastClosing = text.AsSpan().LastIndexOf(closing, StringComparison.OrdinalIgnoreCase);
        if (lastClosing < 0) return null;

        var start = text.AsSpan(0, lastClosing).LastIndexOf(opening, StringComparison.OrdinalIgnoreCase);
        if (start < 0) return null;

        var content = text.AsSpan(start + opening.Length);
        return content[..content.IndexOf(closing, StringComparison.OrdinalIgnoreCase)].ToString();
    }

    /// <summary>A text as a message quotes it: short, on one line, and well-formed whatever it was.</summary>
    public static string Quoted(string text)
    {
        var shown = text.Length > Longest ? text[..Longest] : text;
        return $"\"{string.Concat(shown.Select(Plain))}{(text.Length > Longest ? "…" : "")}\"";
    }

    private static char Plain(char character) => char.IsControl(character) || char.IsSurrogate(character) ? '\uFFFD' : character;
}
