using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.FrozenLake;

/// <summary>One move of a message.</summary>
/// <param name="Direction">Where to; null where what was written is no direction.</param>
/// <param name="Text">What was written.</param>
internal readonly record struct Move(Direction? Direction, string Text);

/// <summary>Reads moves from what an agent wrote.</summary>
internal static class DirectionText
{
    /// <summary>What separates the moves of a message, as RAGEN's agents write them.</summary>
    private const string Separator = "||";

    private static readonly string[] Words = ["left", "down", "right", "up"];

    private static readonly string[] Tags = ["action", "answer"];

    public static string Word(this Direction direction) => Words[(int)direction];

    /// <summary>
    /// The moves of the last <c>&lt;action&gt;</c> or <c>&lt;answer&gt;</c> tag; of a message without such a tag its last
    /// move word. Empty where there is neither.
    /// </summary>
    public static IEnumerable<Move> Read(string message)
    {
        if (Tagged(message) is { } moves) return ReadMoves(moves);
        return LastWord(message) is { } direction ? [new Move(direction, direction.Word())] : [];
    }

    /// <summary>
    /// Moves with <c>||</c> between them, up to the first that is none. A move is the last of the words left, down, right
    /// and up in it, or one of the numbers 1 to 4 for these.
    /// </summary>
    public static IEnumerable<Move> ReadMoves(string moves)
    {
        for (var start = 0; start <= moves.Length;)
        {
            var end = moves.IndexOf(Separator, start, StringComparison.Ordinal);
            if (end < 0) end = moves.Length;
            if (!moves.AsSpan(start, end - start).IsWhiteSpace())
            {
                var direction = Numbered(moves.AsSpan(start, end - start)) ?? LastWord(moves.AsSpan(start, end - start));
                yield return new Move(direction, moves[start..end]);
                if (direction is null) yield break;
            }

            start = end + Separator.Length;
        }
    }

    // The one whose closing tag is the last, and that is complete.
    private static string? Tagged(string message) => Tags
        .OrderByDescending(tag => message.AsSpan().LastIndexOf($"</{tag}>", StringComparison.OrdinalIgnoreCase))
        .Select(tag => AgentText.LastTagged(message, tag))
        .FirstOrDefault(content => content is not null);

    private static Direction? Numbered(ReadOnlySpan<char> text) =>
        text.Trim(" \t\r\n.") is [>= '1' and <= '4' and var digit] ? (Direction)(digit - '1') : null;

    private static Direction? LastWord(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var start = text.Length;
            while (start > 0 && char.IsLetterOrDigit(text[start - 1])) start--;
            if (start < text.Length && Named(text[start..]) is { } direction) return direction;
            text = text[..Math.Max(0, start - 1)];
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
