using System.Collections.ObjectModel;
using SandQueue.Rollouts.Policies;

namespace SandQueue.Rollouts.Play;

/// <summary>A page of recorded turns.</summary>
/// <param name="Turns">By their numbers, of which some may be missing: what would be decided the same again is not recorded.</param>
/// <param name="Through">The page has all turns up to this number; null where none is behind it.</param>
public sealed record RecordedTurns(IReadOnlyDictionary<int, PolicyTurn> Turns, int? Through)
{
    /// <summary>There are no turns.</summary>
    public static RecordedTurns None { get; } = new(ReadOnlyDictionary<int, PolicyTurn>.Empty, Through: null);
}
