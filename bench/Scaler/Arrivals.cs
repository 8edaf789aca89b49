namespace SandQueue.Bench.Scaler;

/// <summary>When episodes begin: more by day than by night, and now and then a batch that begins all of its own at once.</summary>
/// <param name="perHour">Episodes an hour at the busiest time of the day; a tenth of it at the quietest.</param>
/// <param name="burst">Episodes of a batch.</param>
/// <param name="burstHours">When batches begin.</param>
/// <param name="random">Decides by how much each second differs.</param>
internal sealed class Arrivals(double perHour, int burst, IReadOnlyList<double> burstHours, Random random)
{
    private const double Quietest = 0.1;

    /// <summary>Episodes that begin in a second of the day.</summary>
    public int In(int second)
    {
        var hour = second / 3600.0;
        var day = (1 - Math.Cos(hour / 24 * 2 * Math.PI)) / 2;
        var own = burstHours.Any(at => (int)(at * 3600) == second) ? burst : 0;
        return own + Poisson(perHour / 3600 * (Quietest + (1 - Quietest) * day));
    }

    /// <summary>How long an episode has its slot, in seconds: mostly short, some long.</summary>
    public int Seconds(double mean) => 1 + (int)(-mean * Math.Log(1 - random.NextDouble()));

    private int Poisson(double mean)
    {
        var (count, product, limit) = (0, random.NextDouble(), Math.Exp(-mean));
        while (product > limit)
        {
            count++;
            product *= random.NextDouble();
        }

        return count;
    }
}
