namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>
/// The splits of a procedural environment. A seed belongs to a split by its range, and so does every problem that a
/// seed could draw: small problems repeat under other seeds, and a test must not show what was trained on.
/// </summary>
/// <param name="environment">The environment's name, for messages.</param>
/// <param name="forms">How a seed is written as a task id, once for each kind of task.</param>
public sealed class SampledSplits(string environment, IReadOnlyList<Func<long, string>> forms)
{
    private const long SeedsOfASplit = 1_000_000;

    private readonly Dictionary<string, IReadOnlyList<string>> _lists = new(StringComparer.Ordinal)
    {
        ["train"] = Sample(0, 1000, forms),
        ["val"] = Sample(SeedsOfASplit, 200, forms),
        ["test"] = Sample(2 * SeedsOfASplit, 200, forms),
    };

    /// <summary>The names of the splits: <c>train</c>, <c>val</c>, <c>test</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["train", "val", "test"];

    /// <summary>The sample of a split, its kinds of task in turn, so that the head of the list has them all.</summary>
    /// <exception cref="InvalidRequestException">The split is unknown.</exception>
    public IReadOnlyList<string> List(string split) =>
        _lists.TryGetValue(split, out var tasks)
            ? tasks
            : throw new InvalidRequestException($"{environment} has no split {AgentText.Quoted(split)}; it has {string.Join(", ", Names)}");

    /// <summary>The split a seed belongs to; what is beyond the three ranges is for training.</summary>
    public static string OfSeed(long seed) => (seed / SeedsOfASplit) switch
    {
        1 => "val",
        2 => "test",
        _ => "train",
    };

    /// <summary>The split a drawn problem belongs to: eight of ten are for training, one each for the other two.</summary>
    /// <param name="problem">The problem written out, the same text for the same problem.</param>
    public static string OfProblem(string problem) => new SeededRandom($"split/{problem}").Below(10) switch
    {
        0 => "val",
        1 => "test",
        _ => "train",
    };

    private static List<string> Sample(long firstSeed, int count, IReadOnlyList<Func<long, string>> forms) =>
        [.. Enumerable.Range(0, count / forms.Count).SelectMany(index => forms.Select(form => form(firstSeed + index)))];
}
