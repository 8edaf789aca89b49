namespace SandQueue.Bench.Scale;

/// <summary>The options of the measurement of scale.</summary>
/// <param name="Only">Only these parts; empty for all.</param>
/// <param name="Seconds">Of each measurement.</param>
/// <param name="WarmUp">Seconds of load before the first measurement of a farm.</param>
/// <param name="Rounds">How often what is compared is measured in turn.</param>
/// <param name="Live">Instances that live at once in the part <c>live</c>.</param>
/// <param name="Burst">Instances of the parts <c>open</c> and <c>burst</c>.</param>
/// <param name="Rows">Steps in the full journal of PostgreSQL; that of SQLite has a tenth.</param>
/// <param name="Stored">Rows of instances in the part <c>sweep</c>.</param>
/// <param name="Idle">How many of them are idle.</param>
internal sealed record ScaleOptions(IReadOnlyList<string> Only, int Seconds, int WarmUp, int Rounds, int Live, int Burst, int Rows, int Stored, int Idle)
{
    private const string Quick = "--quick";

    private static readonly string[] Known = ["--only", "--seconds", "--warm-up", "--rounds", "--live", "--burst", "--rows", "--stored", "--idle"];

    /// <exception cref="ArgumentException">An option or a part is not known, or a number is none.</exception>
    public static ScaleOptions Parse(IReadOnlyList<string> args)
    {
        var quick = args.Contains(Quick);
        var given = GivenOptions.Checked(args, Known, Quick);
        return new ScaleOptions(
            given.Only("part", ScaleRun.Parts),
            given.AtLeastOne("--seconds", quick ? 1 : 10),
            given.AtLeastOne("--warm-up", quick ? 2 : 30),
            given.AtLeastOne("--rounds", quick ? 1 : 4),
            given.AtLeastOne("--live", quick ? 200 : 10_000),
            given.AtLeastOne("--burst", quick ? 128 : 4096),
            given.AtLeastOne("--rows", quick ? 100_000 : 10_000_000),
            given.AtLeastOne("--stored", quick ? 10_000 : 100_000),
            given.AtLeastOne("--idle", quick ? 100 : 1000));
    }
}
