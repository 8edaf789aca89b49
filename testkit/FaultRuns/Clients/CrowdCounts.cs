using System.Collections.Concurrent;

namespace SandQueue.FaultRuns.Clients;

/// <summary>What came of the Creates of a crowd.</summary>
internal sealed class CrowdCounts
{
    private const int LongestWords = 160;

    private readonly ConcurrentQueue<string> _others = new();

    /// <summary>Creates, each counted once.</summary>
    public int Asked;

    /// <summary>Instances that their caller was told of.</summary>
    public int Answered;

    public int HungUp;

    /// <summary>Answers that there is no capacity.</summary>
    public int NoCapacity;

    /// <summary>Any other answer, and connections that were lost.</summary>
    public int Other => _others.Count;

    /// <summary>What those were, by their first words.</summary>
    public IEnumerable<string> Others => _others.CountBy(other => other.Length > LongestWords ? other[..LongestWords] : other).Select(other => $"{other.Value} times {other.Key}");

    /// <summary>Instances that could not be released in time.</summary>
    public int NotReleased;

    public void Add(RawAnswer other) => _others.Enqueue(other.Status == 0 ? "no answer" : $"{other.Status} {other.Body}");
}
