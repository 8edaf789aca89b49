using static SandQueue.Environments.WebShop.Search.WordBreakClass;

namespace SandQueue.Environments.WebShop.Search;

/// <summary>
/// Cuts a text into words after Unicode's Annex 29, as Lucene's standard tokenizer does: the longest word from each
/// position, a Han or Hiragana character alone, South-East Asian scripts in one piece, an emoji with all that belongs to it.
/// </summary>
internal ref struct WordBreaker(ReadOnlySpan<char> text)
{
    /// <summary>A longer word is cut into pieces of this many characters.</summary>
    private const int LongestWord = 255;

    private readonly ReadOnlySpan<char> _text = text;
    private ReadOnlySpan<char> _reach = text;
    private int _position;

    /// <summary>The next word; false at the end.</summary>
    public bool TryNext(out ReadOnlySpan<char> word)
    {
        while (_position < _text.Length)
        {
            var start = _position;
            _reach = _text[..Math.Min(_text.Length, start + LongestWord)];
            var end = EndOfLongest(start);
            _position = end > start ? end : After(start);
            if (end <= start) continue;

            word = _text[start..end];
            return true;
        }

        word = default;
        return false;
    }

    private readonly int EndOfLongest(int start)
    {
        var first = ClassAt(start);
        if (first is Other) return start;

        var emoji = first is Letter or Numeric ? start : new EmojiBreaker(_reach).End(start);
        return Math.Max(emoji, first switch
        {
            Han or Hiragana => AfterExtends(After(start)),
            SouthEastAsian or SouthEastAsianExtend => EndOfSouthEastAsian(start),
            _ => EndOfWord(start),
        });
    }

    private readonly int EndOfSouthEastAsian(int at)
    {
        while (ClassAt(at) is SouthEastAsian or SouthEastAsianExtend) at = AfterExtends(After(at));
        return at;
    }

    /// <summary>Letters, numbers and Katakana, joined by connectors, and by a single mark where it stands between two of a kind.</summary>
    private readonly int EndOfWord(int start)
    {
        var at = AfterConnectors(start);
        var end = start;
        var last = Other;
        while (true)
        {
            var next = ClassAt(at);
            var joined = last is Other or Connector;
            if (IsLetter(next) && (joined || last is not Katakana)) last = next;
            else if (next is Digit or Numeric && (joined || last is not Katakana)) last = next;
            else if (next is Katakana && (joined || last is Katakana)) last = next;
            else if (next is Connector && end > start) last = next;
            else if (IsBridge(last, next) && BridgeTo(at, last) is var over and > 0)
            {
                at = over;
                continue;
            }
            else if (last is HebrewLetter && next is SingleQuote) last = DoubleQuote;
            else if (last is HebrewLetter && next is DoubleQuote && ClassAt(AfterExtends(After(at))) is HebrewLetter)
            {
                at = AfterExtends(After(at));
                last = DoubleQuote;
            }
            else return end;

            at = AfterExtends(After(at));
            end = at;
        }
    }

    private readonly int BridgeTo(int at, WordBreakClass last)
    {
        var over = AfterExtends(After(at));
        var next = ClassAt(over);
        return IsLetter(last) ? (IsLetter(next) ? over : 0) : (next is Digit or Numeric ? over : 0);
    }

    private static bool IsBridge(WordBreakClass last, WordBreakClass mark) => mark switch
    {
        MidNumberOrLetter or SingleQuote => IsLetter(last) || last is Digit or Numeric,
        MidLetter => IsLetter(last),
        MidNumber => last is Digit or Numeric,
        _ => false,
    };

    private static bool IsLetter(WordBreakClass c) => c is Letter or HebrewLetter or EmojiLetter;

    private readonly int AfterConnectors(int at)
    {
        while (ClassAt(at) is Connector) at = AfterExtends(After(at));
        return at;
    }

    private readonly int AfterExtends(int at)
    {
        while (ClassAt(at) is Extend or SouthEastAsianExtend) at = After(at);
        return at;
    }

    private readonly WordBreakClass ClassAt(int at) => at < _reach.Length ? WordBreakTable.At(_reach, at) : Other;

    private readonly int After(int at) =>
        at + (char.IsHighSurrogate(_text[at]) && at + 1 < _text.Length && char.IsLowSurrogate(_text[at + 1]) ? 2 : 1);
}
