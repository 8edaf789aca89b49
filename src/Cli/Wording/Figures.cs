using System.Globalization;

namespace SandQueue.Cli.Wording;

/// <summary>Numbers as people read them.</summary>
internal static class Figures
{
    public const string None = "-";

    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Reward(double? reward) => reward is { } number ? number.ToString("0.000", CultureInfo.InvariantCulture) : None;

    public static string Plain(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    public static string Rate(double perSecond) => perSecond >= 10 ? $"{perSecond.ToString("0", CultureInfo.InvariantCulture)}/s" : perSecond >= 0.1 ? $"{perSecond.ToString("0.0", CultureInfo.InvariantCulture)}/s" : $"{(perSecond * 60).ToString("0.0", CultureInfo.InvariantCulture)}/min";

    public static string Time(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => $"{time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms",
        { TotalSeconds: < 60 } => $"{time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s",
        { TotalMinutes: < 60 } => time.ToString(@"m\:ss", CultureInfo.InvariantCulture),
        _ => $"{(int)time.TotalHours}:{time.ToString(@"mm\:ss", CultureInfo.InvariantCulture)}",
    };
}
