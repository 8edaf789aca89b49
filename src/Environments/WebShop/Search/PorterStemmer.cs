namespace SandQueue.Environments.WebShop.Search;

/// <summary>
/// Porter's stemmer for English (M. F. Porter, 1980) with the two rules its author changed later (-bli, -logi), which is
/// how Lucene has it. Works in place and returns the stem's length.
/// </summary>
internal ref struct PorterStemmer(Span<char> word)
{
    private static readonly (string Suffix, string Stem)[] DoubleSuffixes =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"),
        ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"),
        ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"),
        ("iviti", "ive"), ("biliti", "ble"), ("logi", "log"),
    ];

    private static readonly (string Suffix, string Stem)[] FullSuffixes =
    [
        ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
    ];

    private static readonly string[] LastSuffixes =
    [
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate",
        "iti", "ous", "ive", "ize",
    ];

    private readonly Span<char> _word = word;
    private int _length = word.Length;

    /// <summary>Stems a word of lower-case letters; one of two letters or fewer stays as it is.</summary>
    public static int Stem(Span<char> word) => word.Length < 3 ? word.Length : new PorterStemmer(word).Run();

    private int Run()
    {
        RemovePlural();
        RemovePast();
        if (EndsWith("y") && HasVowel(_length - 1)) _word[_length - 1] = 'i';
        ReplaceFirst(DoubleSuffixes);
        ReplaceFirst(FullSuffixes);
        RemoveLast();
        RemoveFinalE();
        return _length;
    }

    private void RemovePlural()
    {
        if (!EndsWith("s")) return;
        if (EndsWith("sses") || EndsWith("ies")) _length -= 2;
        else if (_word[_length - 2] != 's') _length--;
    }

    private void RemovePast()
    {
        if (EndsWith("eed"))
        {
            if (Measure(_length - 3) > 0) _length--;
            return;
        }

        var suffix = EndsWith("ed") ? 2 : EndsWith("ing") ? 3 : 0;
        if (suffix == 0 || !HasVowel(_length - suffix)) return;

        _length -= suffix;
        if (EndsWith("at") || EndsWith("bl") || EndsWith("iz")) Append('e');
        else if (EndsInDouble(_length)) _length -= _word[_length - 1] is 'l' or 's' or 'z' ? 0 : 1;
        else if (Measure(_length) == 1 && EndsInShortSyllable(_length)) Append('e');
    }

    private void ReplaceFirst((string Suffix, string Stem)[] rules)
    {
        foreach (var (suffix, stem) in rules)
        {
            if (!EndsWith(suffix)) continue;
            if (Measure(_length - suffix.Length) == 0) return;
            _length -= suffix.Length;
            stem.CopyTo(_word[_length..]);
            _length += stem.Length;
            return;
        }
    }

    private void RemoveLast()
    {
        foreach (var suffix in LastSuffixes)
        {
            if (!EndsWith(suffix)) continue;
            var stem = _length - suffix.Length;
            if (suffix == "ion" && !(stem > 0 && _word[stem - 1] is 's' or 't')) return;
            if (Measure(stem) > 1) _length = stem;
            return;
        }
    }

    private void RemoveFinalE()
    {
        if (EndsWith("e"))
        {
            var measure = Measure(_length - 1);
            if (measure > 1 || (measure == 1 && !EndsInShortSyllable(_length - 1))) _length--;
        }

        if (EndsWith("l") && EndsInDouble(_length) && Measure(_length) > 1) _length--;
    }

    private void Append(char c) => _word[_length++] = c;

    private readonly bool EndsWith(string suffix) => _word[.._length].EndsWith(suffix);

    private readonly bool IsConsonant(int at) => _word[at] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => at == 0 || !IsConsonant(at - 1),
        _ => true,
    };

    /// <summary>How often a vowel is followed by a consonant in the first characters.</summary>
    private readonly int Measure(int length)
    {
        var measure = 0;
        for (var i = 1; i < length; i++)
        {
            if (IsConsonant(i) && !IsConsonant(i - 1)) measure++;
        }

        return measure;
    }

    private readonly bool HasVowel(int length)
    {
        for (var i = 0; i < length; i++)
        {
            if (!IsConsonant(i)) return true;
        }

        return false;
    }

    private readonly bool EndsInDouble(int length) => length > 1 && _word[length - 1] == _word[length - 2] && IsConsonant(length - 1);

    /// <summary>Consonant, vowel, consonant, the last one not w, x or y.</summary>
    private readonly bool EndsInShortSyllable(int length) => length > 2
        && IsConsonant(length - 1) && !IsConsonant(length - 2) && IsConsonant(length - 3)
        && _word[length - 1] is not ('w' or 'x' or 'y');
}
