using System.Globalization;

namespace SandQueue.Bench.Scaler;

/// <summary>The options of the simulated day.</summary>
/// <param name="PerHour">Episodes that begin in the busiest hour.</param>
/// <param name="EpisodeSeconds">For which an episode has its slot, on average.</param>
/// <param name="Slots">Instances that a worker has room for.</param>
/// <param name="StartSeconds">Until a new worker serves.</param>
/// <param name="Burst">Episodes of a batch that begins all at once.</param>
/// <param name="BurstHours">When batches begin.</param>
/// <param name="Seed">Of what is drawn.</param>
internal sealed record ScalerOptions(int PerHour, int EpisodeSeconds, int Slots, int StartSeconds, int Burst, IReadOnlyList<double> BurstHours, int Seed)
{
    private static readonly string[] Known = ["--per-hour", "--episode", "--slots", "--start", "--burst", "--burst-hours", "--seed"];

    /// <exception cref="ArgumentException">An option is not known, or a number is none.</exception>
    public static ScalerOptions Parse(IReadOnlyList<string> args)
    {
        var given = GivenOptions.Checked(args, Known);
        return new ScalerOptions(
            given.AtLeastOne("--per-hour", 4000),
            given.AtLeastOne("--episode", 180),
            given.AtLeastOne("--slots", 16),
            given.AtLeastOne("--start", 30),
            given.AtLeastOne("--burst", 200),
            [.. given.Text("--burst-hours", "3,15").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Hour)],
            given.AtLeastOne("--seed", 1));
    }

    private static double Hour(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var hour) && hour is >= 0 and < 24
        ? hour
        : throw new ArgumentException($"'{text}' is no hour of a day; --burst-hours takes numbers from 0 to below 24, with commas between them");
}
