using static SandQueue.Environments.WebShop.Search.WordBreakClass;

namespace SandQueue.Environments.WebShop.Search;

/// <summary>
/// Finds where an emoji sequence ends (Unicode Technical Standard 51): a character with its selector, one with a skin
/// tone, several glued by joiners, a tagged one, a keycap, a flag.
/// </summary>
internal readonly ref struct EmojiBreaker(ReadOnlySpan<char> text)
{
    private const char Joiner = '\u200d';
    private const char TextSelector = '\ufe0e';
    private const char EmojiSelector = '\ufe0f';
    private const char Keycap = '\u20e3';

    private readonly ReadOnlySpan<char> _text = text;

    /// <summary>The end of the sequence that begins at an index, or that index where none does.</summary>
    public int End(int start) => ClassAt(start) switch
    {
        Digit or KeycapSign => EndOfKeycap(start),
        RegionalIndicator => EndOfFlag(start),
        _ => EndOfGlued(start),
    };

    private int EndOfKeycap(int start)
    {
        // The keycap is a mark itself, so it may stand among the marks or behind a selector after them.
        var marks = After(start);
        var end = AfterMarks(marks);
        if (Is(end, EmojiSelector) && Is(end + 1, Keycap)) return AfterMarks(end + 1);
        return _text[marks..end].Contains(Keycap) ? end : start;
    }

    private int EndOfFlag(int start)
    {
        var second = AfterExtends(After(start));
        return ClassAt(second) is RegionalIndicator ? AfterExtends(After(second)) : start;
    }

    private int EndOfGlued(int start)
    {
        var first = AfterJoiners(start);
        if (first > start && ClassAt(first) is EmojiModifier) return start;
        var end = EndOfUnit(first);
        if (end < 0) return start;
        if (EndOfTags(end) is var tagged && tagged > end) return tagged;

        // The joiner was taken with the marks before it, or stands right behind a selector.
        while (Is(end - 1, Joiner) || Is(end, Joiner))
        {
            var next = EndOfUnit(AfterJoiners(end));
            if (next < 0) return end;
            end = next;
        }

        return end;
    }

    /// <summary>The end of one emoji with what belongs to it alone, or -1.</summary>
    private int EndOfUnit(int at)
    {
        var first = ClassAt(at);
        if (first is EmojiModifier) return AfterMarks(After(at));
        if (first is not (Emoji or EmojiBase or EmojiLetter)) return -1;

        var end = AfterMarks(After(at));
        if (first is EmojiBase && ClassAt(end) is EmojiModifier) return AfterMarks(After(end));
        return Is(end, EmojiSelector) ? end + 1 : end;
    }

    private int EndOfTags(int start)
    {
        var at = start;
        while (IsTag(at, '\udc20', '\udc7e')) at += 2;
        return at > start && IsTag(at, '\udc7f', '\udc7f') ? at + 2 : start;
    }

    private bool IsTag(int at, char first, char last) =>
        Is(at, '\udb40') && at + 1 < _text.Length && _text[at + 1] >= first && _text[at + 1] <= last;

    private int AfterJoiners(int at)
    {
        while (Is(at, Joiner)) at++;
        return at;
    }

    private int AfterMarks(int at)
    {
        while (ClassAt(at) is Extend or SouthEastAsianExtend && !Is(at, TextSelector) && !Is(at, EmojiSelector)) at = After(at);
        return at;
    }

    private int AfterExtends(int at)
    {
        while (ClassAt(at) is Extend or SouthEastAsianExtend) at = After(at);
        return at;
    }

    private bool Is(int at, char c) => at >= 0 && at < _text.Length && _text[at] == c;

    private WordBreakClass ClassAt(int at) => at < _text.Length ? WordBreakTable.At(_text, at) : Other;

    private int After(int at) =>
        at + (char.IsHighSurrogate(_text[at]) && at + 1 < _text.Length && char.IsLowSurrogate(_text[at + 1]) ? 2 : 1);
}
