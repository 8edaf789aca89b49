namespace SandQueue.Bench.Doors;

/// <summary>The options of a run through the doors.</summary>
internal sealed record DoorsOptions
{
    public int Clients { get; init; } = 64;

    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often each door has its turn; the doors take turns, so that what else the machine does falls on all of them.</summary>
    public int Rounds { get; init; } = 2;

    /// <summary>Only these doors; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    public static DoorsOptions Parse(IReadOnlyList<string> args)
    {
        var given = new GivenOptions(args);
        return new DoorsOptions
        {
            Clients = given.Number("--clients", 64),
            Length = TimeSpan.FromSeconds(given.Number("--seconds", 10)),
            Rounds = given.Number("--rounds", 2),
            Only = given.Text("--only", "").Split(',', StringSplitOptions.RemoveEmptyEntries),
        };
    }
}
