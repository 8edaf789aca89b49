using SandQueue.Environments.Bfcl.MultiTurn.Services;

namespace SandQueue.Environments.Bfcl.MultiTurn.Scoring;

/// <summary>
/// A task's ground truth, played once for all its episodes: they start alike, so its results and states are the same for
/// each. Immutable.
/// </summary>
internal sealed class GroundTruth
{
    private readonly Turn[] _turns;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    /// <param name="start">The services as the task starts them.</param>
    /// <param name="calls">The calls of each turn.</param>
    public GroundTruth(IReadOnlyList<Service> start, IReadOnlyList<IReadOnlyList<string>> calls)
    {
        var services = new ServiceSet(start);
        _turns = new Turn[calls.Count];
        for (var i = 0; i < _turns.Length; i++)
        {
            var results = calls[i].Select(services.Execute).ToArray();
            foreach (var result in results) _places.TryAdd(result, _places.Count);
            var wanted = results.GroupBy(result => _places[result]).Select(same => (same.Key, same.Count())).ToArray();
            _turns[i] = new Turn(calls[i].Count > 0, wanted, services.Fork());
        }
    }

    public int TurnCount => _turns.Length;

    /// <summary>How many different results there are in all turns.</summary>
    public int ResultCount => _places.Count;

    /// <summary>The number of a result, or null where no turn has it: then it decides nothing.</summary>
    public int? PlaceOf(string result) => _places.TryGetValue(result, out var place) ? place : null;

    /// <summary>A turn, first one 0.</summary>
    public Turn this[int turn] => _turns[turn];

    /// <param name="HasCalls">A turn without calls is not checked.</param>
    /// <param name="Results">Which results it wants, and how often.</param>
    /// <param name="After">The services after it.</param>
    internal sealed record Turn(bool HasCalls, IReadOnlyList<(int Place, int Times)> Results, ServiceSet After);
}
