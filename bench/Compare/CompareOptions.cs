namespace SandQueue.Bench.Compare;

/// <summary>The options of a comparison.</summary>
/// <param name="Seconds">Of each measurement.</param>
/// <param name="Repeats">How often everything is measured; what is shown are medians. The repeats of one path are spread over the run.</param>
/// <param name="WarmUp">Seconds of load before the first measurement of a product's path; the parts get a third of it.</param>
/// <param name="Rate">Arrivals a second of all open loops; 0 takes half of what the closed loop before it reached.</param>
/// <param name="Only">Only these paths; empty for all.</param>
internal sealed record CompareOptions(double Seconds, int Repeats, double WarmUp, int Rate, IReadOnlyList<string> Only)
{
    private const string Quick = "--quick";

    private static readonly string[] Known = ["--seconds", "--repeats", "--warm-up", "--rate", "--only"];

    /// <summary>The paths that may be asked for, in the order they are measured.</summary>
    public static readonly IReadOnlyList<string> Paths = ["http", "raw_rpc", "journal", "direct", "direct_frames", "embedded", "farm", "vector", "episodes", "creates"];

    /// <exception cref="ArgumentException">An option or a path is not known, or a number is none.</exception>
    public static CompareOptions Parse(IReadOnlyList<string> args)
    {
        var quick = args.Contains(Quick);
        var given = GivenOptions.Checked(args, Known, Quick);
        return new CompareOptions(
            given.AtLeastOne("--seconds", quick ? 1 : 5), given.AtLeastOne("--repeats", quick ? 1 : 3), given.AtLeastOne("--warm-up", quick ? 3 : 30), given.Number("--rate", 0), given.Only("path", Paths));
    }

    /// <summary>Whether one of these is asked for.</summary>
    public bool Has(params IReadOnlyList<string> paths) => Only.Count == 0 || paths.Any(Only.Contains);
}
