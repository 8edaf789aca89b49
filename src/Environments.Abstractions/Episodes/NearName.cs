namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>Guesses what a mistyped name was meant to be.</summary>
internal static class NearName
{
    /// <summary>A longer name is no typo, and comparing takes time with the square of the length.</summary>
    private const int LongestName = 64;

    private const int MostEdits = 2;

    /// <summary>The known name with the fewest edits (a letter more, less or other), or null where none has two or fewer.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        if (name.Length > LongestName) return null;
        var nearest = known.Select(each => (Name: each, Edits: Edits(name, each))).OrderBy(each => each.Edits).FirstOrDefault();
        return nearest.Name is not null && nearest.Edits <= Math.Min(MostEdits, nearest.Name.Length / 2) ? nearest.Name : null;
    }

    // Levenshtein's distance, row by row.
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var (diagonal, last) = (row[0], row[0] = i);
            for (var j = 1; j <= to.Length; j++)
            {
                var edits = Math.Min(diagonal + (Equal(from[i - 1], to[j - 1]) ? 0 : 1), Math.Min(row[j], last) + 1);
                (diagonal, row[j], last) = (row[j], edits, edits);
            }
        }

        return row[^1];
    }

    private static bool Equal(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
