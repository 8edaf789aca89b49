using System.Collections.Concurrent;

namespace SandQueue.FaultRuns.Checking;

/// <summary>Which promise a finding breaks.</summary>
internal enum Broken
{
    Unanswered,
    Lost,
    Doubled,
    Fabricated,
    Misobserved,
    Contradicted,
    Diverged,
}

/// <summary>What was found, counted by promise, each with words that say where.</summary>
internal sealed class Findings
{
    private const int LongestWords = 700;

    private readonly ConcurrentQueue<(Broken Promise, string Words)> _all = new();

    public IReadOnlyList<string> Words => [.. _all.Select(finding => $"{finding.Promise}: {finding.Words}")];

    public void Add(Broken promise, string words) => _all.Enqueue((promise, words.Length > LongestWords ? $"{words[..LongestWords]}…" : words));

    public int Count(Broken promise) => _all.Count(finding => finding.Promise == promise);
}
