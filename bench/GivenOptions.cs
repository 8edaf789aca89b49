using System.Globalization;

namespace SandQueue.Bench;

/// <summary>Options of the command line, each a name and a value.</summary>
internal sealed class GivenOptions(IReadOnlyList<string> args)
{
    private readonly Dictionary<string, string> _given = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair[^1], StringComparer.Ordinal);

    /// <summary>Reads options of which all names are known, beside words that stand alone.</summary>
    /// <param name="args">What was given.</param>
    /// <param name="known">The names of options with a value.</param>
    /// <param name="alone">The words that stand alone.</param>
    /// <exception cref="ArgumentException">A name is not known, or has no value.</exception>
    public static GivenOptions Checked(IReadOnlyList<string> args, IReadOnlyList<string> known, params IReadOnlyList<string> alone)
    {
        List<string> pairs = [.. args.Where(word => !alone.Contains(word))];
        for (var i = 0; i < pairs.Count; i += 2)
        {
            if (!known.Contains(pairs[i])) throw new ArgumentException($"'{pairs[i]}' is no option; known are {string.Join(", ", alone.Concat(known))}");
            if (i + 1 == pairs.Count) throw new ArgumentException($"{pairs[i]} needs a value");
        }

        return new GivenOptions(pairs);
    }

    public string Text(string name, string otherwise) => _given.GetValueOrDefault(name, otherwise);

    public int Number(string name, int otherwise) => _given.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <exception cref="ArgumentException">It is less than one.</exception>
    public int AtLeastOne(string name, int otherwise) => Number(name, otherwise) is var number and > 0 ? number : throw new ArgumentException($"{name} has to be 1 or more");

    /// <summary>Names with commas between them, each one of those that there are; empty for all.</summary>
    /// <exception cref="ArgumentException">One is not there.</exception>
    public IReadOnlyList<string> Only(string kind, IReadOnlyList<string> there)
    {
        string[] only = Text("--only", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        return only.FirstOrDefault(name => !there.Contains(name)) is { } unknown ? throw new ArgumentException($"there is no {kind} '{unknown}'; known are {string.Join(", ", there)}") : only;
    }
}
