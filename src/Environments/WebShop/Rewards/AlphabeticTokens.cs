using System.Globalization;
using SandQueue.Environments.WebShop.Text;

namespace SandQueue.Environments.WebShop.Rewards;

/// <summary>
/// Takes every word without a digit for a noun. The original asks a language model; this comes close where two names are
/// compared, and gives the target product itself the same full score.
/// </summary>
internal sealed class AlphabeticTokens : INounSource
{
    public string Label => "approximate: every alphabetic token";

    public IReadOnlyList<string> Nouns(string name)
    {
        var nouns = new List<string>();
        for (var i = 0; i < name.Length;)
        {
            var start = i;
            while (i < name.Length && IsPart(name[i])) i++;
            if (i == start) i++;
            else if (IsAlphabetic(name.AsSpan(start, i - start))) nouns.Add(PythonText.Lower(name[start..i]));
        }

        return nouns;
    }

    // Hyphens and apostrophes hold a word together.
    private static bool IsPart(char c) => c is '\'' or '-' or '_' || IsLetter(c) || char.IsDigit(c) || char.IsNumber(c);

    private static bool IsAlphabetic(ReadOnlySpan<char> word)
    {
        var letters = 0;
        foreach (var c in word)
        {
            if (IsLetter(c)) letters++;
            else if (c is not ('\'' or '-')) return false;
        }

        return letters > 0;
    }

    private static bool IsLetter(char c) => char.IsSurrogate(c) || CharUnicodeInfo.GetUnicodeCategory(c) <= UnicodeCategory.OtherLetter;
}
