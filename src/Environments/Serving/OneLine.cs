using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Environments.Serving;

/// <summary>Makes one line of what a caller sent, or an exception says: it may be megabytes of many lines.</summary>
internal static class OneLine
{
    private const int Longest = 1500;

    public static string Of(string text)
    {
        var shown = text.Length > Longest ? $"{WholeCharacters.Beginning(text, Longest - 1)}…" : text;
        return string.Create(shown.Length, shown, (line, whole) =>
        {
            for (var i = 0; i < line.Length; i++) line[i] = char.IsControl(whole[i]) ? ' ' : whole[i];
        });
    }
}
