namespace SandQueue.Environments.Tests.Bfcl.MultiTurn;

/// <summary>Counts comparisons by category, and shows the first of those that differ.</summary>
internal sealed class Differences(ITestOutputHelper output)
{
    private readonly SortedDictionary<string, (int Equal, int All)> _counts = new(StringComparer.Ordinal);
    private readonly List<string> _shown = [];

    public void Compare(string id, string what, string expected, string actual)
    {
        var category = id[..id.LastIndexOf('_')] + (what.StartsWith("state ", StringComparison.Ordinal) ? " state" : " result");
        var (equal, all) = _counts.GetValueOrDefault(category);
        var same = string.Equals(expected, actual, StringComparison.Ordinal);
        _counts[category] = (equal + (same ? 1 : 0), all + 1);
        if (!same && _shown.Count < 40) _shown.Add($"{id}: {Short(what)}\n    expected {Short(expected, actual)}\n    actual   {Short(actual, expected)}");
    }

    public void ShouldBeNone()
    {
        foreach (var (category, (equal, all)) in _counts) output.WriteLine($"{category}: {equal} of {all} equal");
        _counts.Values.Sum(count => count.All).ShouldBePositive();
        _shown.ShouldBeEmpty(string.Join('\n', _shown));
    }

    private static string Short(string text) => text.Length > 200 ? text[..200] + "…" : text;

    // From a little before the first character that differs.
    private static string Short(string text, string other)
    {
        var at = text.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        return Short(text[Math.Max(0, at - 60)..]);
    }
}
