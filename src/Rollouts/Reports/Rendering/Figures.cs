using System.Globalization;
using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Reports.Rendering;

/// <summary>Numbers as people read them.</summary>
internal static class Figures
{
    /// <summary>What stands where there is no number.</summary>
    public const string None = "–";

    public static string Reward(double? value) => value is { } number ? number.ToString("0.000;−0.000", CultureInfo.InvariantCulture) : None;

    public static string Signed(double? value) => value is { } number ? number.ToString("+0.000;−0.000;0.000", CultureInfo.InvariantCulture) : None;

    public static string Between(Interval? interval) => interval is { } known ? $"{Reward(known.Low)} to {Reward(known.High)}" : None;

    public static string Percent(double? share) => share is { } known ? known.ToString("0.0 %", CultureInfo.InvariantCulture) : None;

    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A number with three places that count.</summary>
    public static string Short(double value) => Math.Abs(value) switch
    {
        >= 1e15 => value.ToString("0.00e0", CultureInfo.InvariantCulture),
        >= 1000 => value.ToString("#,0;−#,0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0;−0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#;−0.#", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.##;−0.##", CultureInfo.InvariantCulture),
        > 0 and < 0.001 => value.ToString("0.0e0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###;−0.###;0", CultureInfo.InvariantCulture),
    };

    public static string Duration(double milliseconds) => milliseconds switch
    {
        < 1000 => $"{Short(milliseconds)} ms",
        < 120_000 => $"{Short(milliseconds / 1000)} s",
        < 7_200_000 => $"{Short(milliseconds / 60_000)} min",
        _ => $"{Short(milliseconds / 3_600_000)} h",
    };

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
