using System.Collections.Frozen;
using System.Text;

namespace SandQueue.Environments.WebShop.Search;

/// <summary>
/// Turns a text into the terms that are searched: words, without a possessive 's, in lower case, without stop words,
/// stemmed. The chain of Lucene's English analyzer.
/// </summary>
internal ref struct EnglishAnalysis(ReadOnlySpan<char> text)
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> StopWords = FrozenSet.ToFrozenSet(
    [
        "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not", "of",
        "on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with",
    ], StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly char[] _term = new char[300];
    private WordBreaker _words = new(text);

    /// <summary>The next term; valid until the one after it is asked for.</summary>
    public bool TryNext(out ReadOnlySpan<char> term)
    {
        while (_words.TryNext(out var word))
        {
            if (word.Length >= 2 && word[^1] is 's' or 'S' && word[^2] is '\'' or '\u2019' or '\uff07') word = word[..^2];

            var lower = _term.AsSpan(0, Lower(word, _term));
            if (StopWords.Contains(lower)) continue;
            term = _term.AsSpan(0, PorterStemmer.Stem(lower));
            return true;
        }

        term = default;
        return false;
    }

    // Code point by code point, as Java has it: a dotted capital I becomes a plain i.
    private static int Lower(ReadOnlySpan<char> word, Span<char> lower)
    {
        word.ToLowerInvariant(lower);
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] == '\u0130') lower[i] = 'i';
        }

        return word.Length;
    }
}
