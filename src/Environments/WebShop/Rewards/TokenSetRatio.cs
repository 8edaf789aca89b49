using System.Text;
using SandQueue.Environments.WebShop.Text;

namespace SandQueue.Environments.WebShop.Rewards;

/// <summary>
/// How alike two texts are as sets of words, 0 to 100, as <c>thefuzz.fuzz.token_set_ratio</c> computes it: the words both
/// have, and those words with the rest of either, compared pairwise; the best counts.
/// </summary>
internal static class TokenSetRatio
{
    /// <summary>Above this two options or attributes are the same.</summary>
    public const int Same = 85;

    public static int Of(string left, string right) => Of(Words(left), Words(right));

    /// <summary>The words of a text, each once and in order; empty where nothing of it is a word.</summary>
    public static SortedSet<string> Words(string text)
    {
        var letters = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // The original drops Latin-1 and keeps everything beyond it.
            if (rune.Value is >= 0x80 and <= 0xff) continue;
            if (rune.Value == '_' || PythonText.IsAlphanumeric(rune)) letters.Append(rune.ToString());
            else letters.Append(' ');
        }

        return new SortedSet<string>(PythonText.Words(PythonText.Lower(letters.ToString())), Comparer<string>.Create(PythonText.Compare));
    }

    public static int Of(SortedSet<string> left, SortedSet<string> right)
    {
        if (left.Count == 0 || right.Count == 0) return 0;

        var shared = string.Join(' ', left.Where(right.Contains));
        var first = Combined(shared, left.Where(word => !right.Contains(word)));
        var second = Combined(shared, right.Where(word => !left.Contains(word)));
        return Math.Max(Ratio(first, second), Math.Max(Ratio(shared, first), Ratio(shared, second)));
    }

    private static string Combined(string shared, IEnumerable<string> rest) => $"{shared} {string.Join(' ', rest)}".Trim();

    /// <summary>Twice the longest common subsequence, as a share of both lengths.</summary>
    private static int Ratio(string left, string right)
    {
        if (left == right) return 100;
        if (left.Length == 0 || right.Length == 0) return 0;

        var total = left.Length + right.Length;
        var apart = total - (2 * CommonSubsequence(left, right));
        return (int)Math.Round(100 * ((double)(total - apart) / total), MidpointRounding.ToEven);
    }

    private static int CommonSubsequence(string left, string right)
    {
        var lengths = new int[right.Length + 1];
        foreach (var c in left)
        {
            var diagonal = 0;
            for (var j = 1; j <= right.Length; j++)
            {
                (diagonal, lengths[j]) = (lengths[j], c == right[j - 1] ? diagonal + 1 : Math.Max(lengths[j], lengths[j - 1]));
            }
        }

        return lengths[right.Length];
    }
}
