namespace SandQueue.Dashboard.Overview;

/// <summary>How far apart the lines of a chart are.</summary>
internal static class ChartTicks
{
    private const int Lines = 4;

    /// <summary>1, 2 or 5 times a power of ten, so that about four lines are below the highest point.</summary>
    public static int Of(double highest)
    {
        var apart = Math.Max(1, highest / Lines);
        var power = Math.Pow(10, Math.Floor(Math.Log10(apart)));
        return (int)((apart / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 } * power);
    }
}
