namespace SandQueue.Environments.Abstractions.Json;

/// <summary>Cuts texts that are too long. Half of a surrogate pair is no character, and many JSON readers refuse it.</summary>
public static class WholeCharacters
{
    /// <summary>At most so many characters from a text's beginning, as they are; a surrogate pair is never cut in half.</summary>
    /// <param name="text">Any text; what is broken in it already stays as it is.</param>
    /// <param name="longest">UTF-16 code units, 0 or more.</param>
    public static string Beginning(string text, int longest)
    {
        if (text.Length <= longest) return text;
        var isInPair = longest > 0 && char.IsHighSurrogate(text[longest - 1]) && char.IsLowSurrogate(text[longest]);
        return text[..(isInPair ? longest - 1 : longest)];
    }
}
