using System.Collections;
using System.Globalization;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.WebShop;

/// <summary>
/// The ranges of goals that the field calls test, validation and training. The goals are in random order already, so a
/// range is a sample.
/// </summary>
internal sealed class WebShopSplits
{
    /// <summary>The published parts of the catalogue go up to 100,000 products; whatever is larger is the full one.</summary>
    private const int LargestPart = 100_000;

    private const int Held = 500;

    private readonly Dictionary<string, Range> _ranges = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    /// <param name="products">The number of products in the catalogue.</param>
    /// <param name="synthetic">The number of synthetic goals.</param>
    /// <param name="human">The number of human goals.</param>
    public WebShopSplits(int products, int synthetic, int human)
    {
        Add("", synthetic, products);
        if (human > 0) Add(HumanPrefix, human, products);
    }

    /// <summary>Begins the task ids and split names of human goals.</summary>
    public const string HumanPrefix = "human-";

    public IReadOnlyList<string> Names => _names;

    public IReadOnlyList<string> List(string split) => _ranges.TryGetValue(split, out var range)
        ? new TaskIds(split.StartsWith(HumanPrefix, StringComparison.Ordinal) ? HumanPrefix : "", range.Start.Value, range.End.Value)
        : throw new InvalidRequestException($"webshop has no split \"{split}\"; its splits are {string.Join(", ", _names)}");

    private void Add(string prefix, int goals, int products)
    {
        // A catalogue with few goals keeps most of them for training.
        var test = Math.Min(Held, goals / 5);
        var validation = products > LargestPart ? test..Math.Min(test + (2 * Held), goals) : ..test;
        Add($"{prefix}all", ..goals);
        Add($"{prefix}train", validation.End..goals);
        Add($"{prefix}val", validation);
        Add($"{prefix}eval", validation);
        Add($"{prefix}test", ..test);
    }

    private void Add(string name, Range range)
    {
        _names.Add(name);
        _ranges.Add(name, range);
    }

    /// <summary>A run of goal numbers as task ids, each written when it is read: the full catalogue has millions.</summary>
    private sealed class TaskIds(string prefix, int start, int end) : IReadOnlyList<string>
    {
        public int Count => end - start;

        public string this[int index] => prefix + (start + index).ToString(CultureInfo.InvariantCulture);

        public IEnumerator<string> GetEnumerator()
        {
            for (var i = 0; i < Count; i++) yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
