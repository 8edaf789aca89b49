namespace SandQueue.Environments.WebShop.Search;

/// <summary>What a code point is to the word breaker; the names of <c>word-break.txt</c>.</summary>
internal enum WordBreakClass : byte
{
    Other,
    DoubleQuote,
    SingleQuote,
    KeycapSign,
    MidNumber,
    MidNumberOrLetter,
    MidLetter,
    Digit,
    Numeric,
    Letter,
    HebrewLetter,
    EmojiLetter,
    Katakana,
    Connector,
    Extend,
    SouthEastAsian,
    SouthEastAsianExtend,
    Han,
    Hiragana,
    Emoji,
    EmojiBase,
    EmojiModifier,
    RegionalIndicator,
}
