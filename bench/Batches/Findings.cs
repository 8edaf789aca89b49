namespace SandQueue.Bench.Batches;

/// <summary>Promises that were found broken, a line each.</summary>
internal sealed class Findings
{
    private const int MostListed = 20;

    private readonly List<string> _all = [];
    private int _further;

    /// <summary>The first of them, and how many more there are.</summary>
    public IReadOnlyList<string> All => _further == 0 ? _all : [.. _all, $"and {_further} more"];

    public void Add(string finding)
    {
        if (_all.Count < MostListed) _all.Add(finding);
        else _further++;
    }

    /// <summary>Adds a finding where what has to hold does not.</summary>
    public void Require(bool holds, string otherwise)
    {
        if (!holds) Add(otherwise);
    }

    /// <summary>Adds a finding where two numbers differ.</summary>
    public void Same(string what, double expected, double found)
    {
        if (!expected.Equals(found)) Add(FormattableString.Invariant($"{what}: {found}, not {expected}"));
    }
}
