using System.Collections.Concurrent;

namespace SandQueue.FaultRuns.Models;

/// <summary>
/// Draws of chance that a model cannot know but that must be the same wherever task, seed and number of the draw are:
/// the first answer tells, all later ones are held to it.
/// </summary>
internal sealed class Chances
{
    private readonly ConcurrentDictionary<(string Source, int Draw), HashSet<string>> _possible = new();

    /// <summary>Narrows what a draw can have been.</summary>
    /// <returns>False where no value is left.</returns>
    public bool Agree(string source, int draw, IEnumerable<string> seen)
    {
        var possible = _possible.GetOrAdd((source, draw), static (_, first) => [.. first], seen);
        lock (possible)
        {
            var left = possible.Intersect(seen, StringComparer.Ordinal).ToList();
            if (left.Count == 0) return false;
            possible.IntersectWith(left);
            return true;
        }
    }
}
