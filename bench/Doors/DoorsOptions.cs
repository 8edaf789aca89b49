namespace SandQueue.Bench.Doors;

/// <summary>The options of a run through the doors.</summary>
internal sealed record DoorsOptions
{
    /// <summary>Instances that step at once, each awaiting its answer.</summary>
    public int Clients { get; init; } = 64;

    /// <summary>Steps of each in a round.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>Rounds of every door, by turns; the median counts.</summary>
    public int Rounds { get; init; } = 3;

    public int Workers { get; init; } = 1;

    public static DoorsOptions Parse(IReadOnlyList<string> args)
    {
        var given = new GivenOptions(args);
        return new DoorsOptions
        {
            Clients = given.Number("--clients", 64),
            Steps = given.Number("--steps", 100),
            Rounds = given.Number("--rounds", 3),
            Workers = given.Number("--workers", 1),
        };
    }
}
