using SandQueue.Environments.Episodes;

namespace SandQueue.Environments.FrozenLake;

/// <summary>Reads a move from what an agent wrote.</summary>
internal static class DirectionText
{
    private static readonly string[] Words = ["left", "down", "right", "up"];

    public static string Word(this Direction direction) => Words[(int)direction];

    /// <summary>
    /// The last move word of the last <c>&lt;action&gt;</c> tag, or of the whole text where it has no such tag; null
    /// where there is no move word.
    /// </summary>
    public static Direction? LastMove(string text)
    {
        var rest = (AgentText.LastTagged(text, "action") ?? text).AsSpan();
        while (!rest.IsEmpty)
        {
            var start = rest.Length;
            while (start > 0 && char.IsLetterOrDigit(rest[start - 1])) start--;
            if (Named(rest[start..]) is { } direction) return direction;
            rest = rest[..Math.Max(0, start - 1)];
        }

        return null;
    }

    private static Direction? Named(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < Words.Length; i++)
        {
            if (word.Equals(Words[i], StringComparison.OrdinalIgnoreCase)) return (Direction)i;
        }

        return null;
    }
}
