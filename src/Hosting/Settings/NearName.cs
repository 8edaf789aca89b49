namespace SandQueue.Hosting.Settings;

/// <summary>Finds the name that a slip of the pen was meant for.</summary>
public static class NearName
{
    /// <returns>The nearest of the known names, where it differs in a third of the letters at most; else null.</returns>
    public static string? Of(string name, IEnumerable<string> known)
    {
        var (nearest, distance) = known.Select(candidate => (Name: candidate, Distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant()))).MinBy(candidate => candidate.Distance);
        return nearest is not null && distance <= Math.Max(1, name.Length / 3) ? nearest : null;
    }

    /// <returns>The question that goes behind a refusal: the near name, or all of them.</returns>
    public static string Hint(string name, IReadOnlyCollection<string> known, Func<string, string> shown) =>
        Of(name, known) is { } near ? $"did you mean {shown(near)}?" : $"known are {string.Join(", ", known.Order(StringComparer.OrdinalIgnoreCase).Select(shown))}";

    /// <summary>Letters to change, add, drop or swap with their neighbour (optimal string alignment).</summary>
    private static int Distance(string one, string other)
    {
        var rows = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= other.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            for (var j = 1; j <= other.Length; j++)
            {
                var changed = rows[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(changed, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[one.Length, other.Length];
    }
}
